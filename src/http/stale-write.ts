import type { FlagCache } from '../repository/served.js';
import { preconditionFailed } from '../repository/write-conditions.js';
import { listsTag, parseStrongTags } from './conditions.js';
import type { Asked } from './route.js';

/** What is written, with its file as it is served; without a blob where there is no such file. */
export interface FoundFile {
  readonly flag: { readonly path: string; readonly blob: string | undefined };
}

/**
 * What is to be written, as `If-Match` expects it: a precondition that fails comes before everything else that may be
 * wrong with a request, and the writer asks again under its lock. What is served may be older than the head, so the head
 * is read before anybody is refused. Throws what `find` throws, and `Failure` PRECONDITION_FAILED with what is there and
 * who changed it last.
 */
export async function findMatching<Found extends FoundFile>(
  cache: FlagCache,
  asked: Asked,
  find: () => Found,
): Promise<Found> {
  const found = find();
  if (isMatch(asked, found)) return found;
  // Where git cannot be read, what is served is all that is known.
  await cache.refresh().catch(() => undefined);
  const fresh = find();
  if (isMatch(asked, fresh)) return fresh;
  const { path, blob } = fresh.flag;
  throw preconditionFailed({ path, current: blob, change: cache.history.lastChange(path) });
}

function isMatch({ request }: Asked, { flag }: FoundFile): boolean {
  const wanted = parseStrongTags(request.headers['if-match']);
  return wanted === undefined || (flag.blob !== undefined && listsTag(wanted, flag.blob));
}
