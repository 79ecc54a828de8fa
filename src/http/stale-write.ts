import { Failure } from '../model/failure.js';
import type { CommitHistory } from '../repository/commit-history.js';
import { listsTag, parseStrongTags } from './conditions.js';
import type { Asked } from './route.js';
import { timeOf } from './times.js';

/** A file as it is served, which `If-Match` may not mean. */
export interface ServedFile {
  readonly path: string;
  readonly blob: string;
}

/**
 * A precondition that fails comes before everything else that may be wrong with a request; the writer asks again under
 * its lock. Throws `Failure` PRECONDITION_FAILED with what is there, and who changed it last and when.
 */
export function refuseStale({ request }: Asked, file: ServedFile, history: CommitHistory): void {
  const wanted = parseStrongTags(request.headers['if-match']);
  if (wanted === undefined || listsTag(wanted, file.blob)) return;
  const sentence = `${file.path} is not as the request expects: it is ${file.blob} now`;
  throw new Failure('precondition', 'PRECONDITION_FAILED', sentence, {
    data: { current: file.blob, details: lastChange(file.path, history) },
  });
}

function lastChange(path: string, history: CommitHistory): Readonly<Record<string, unknown>> {
  const change = history.lastChange(path);
  if (change === undefined) return {};
  return { changedBy: change.author, commit: change.oid, committedAt: timeOf(change.seconds) };
}
