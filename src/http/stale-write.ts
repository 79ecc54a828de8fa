import { Failure } from '../model/failure.js';
import type { FlagCache } from '../repository/served.js';
import { listsTag, parseStrongTags } from './conditions.js';
import type { Asked } from './route.js';
import { timeOf } from './times.js';

/** What is written, with its file as it is served. */
export interface FoundFile {
  readonly flag: { readonly path: string; readonly blob: string };
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
  throw preconditionFailed(cache, fresh);
}

function isMatch({ request }: Asked, { flag }: FoundFile): boolean {
  const wanted = parseStrongTags(request.headers['if-match']);
  return wanted === undefined || listsTag(wanted, flag.blob);
}

function preconditionFailed({ history }: FlagCache, { flag: { path, blob } }: FoundFile): Failure {
  const change = history.lastChange(path);
  const details =
    change === undefined
      ? {}
      : { changedBy: change.author, commit: change.oid, committedAt: timeOf(change.seconds) };
  const sentence = `${path} is not as the request expects: it is ${blob} now`;
  return new Failure('precondition', 'PRECONDITION_FAILED', sentence, { data: { current: blob, details } });
}
