import { Failure } from '../../model/failure.js';
import type { GitRepository } from '../git.js';
import { readLastNote } from './followed-note.js';
import { openPendingStore } from './pending-store.js';
import type { WriterRemote } from './remote.js';
import type { Transport } from './transport.js';

/**
 * For whoever writes into a clone that follows a remote, but is not told how to reach that: what is written is pending,
 * until a server that follows it again pushes it, or makes it again on what the remote has by then. Undefined where the
 * branch that is checked out follows none.
 */
export async function unaskedRemote(
  repository: GitRepository,
  now: () => number,
): Promise<WriterRemote | undefined> {
  const note = readLastNote(repository);
  // A HEAD that cannot be read is in the way of each write, which says so.
  const head = note && (await repository.head().catch(() => undefined));
  if (note === undefined || head?.branch !== note.branch) return undefined;
  const followed = { url: note.url, ref: `refs/heads/${note.branch}` };
  return {
    ...followed,
    transport: NO_TRANSPORT,
    trackingRef: `refs/remotes/origin/${note.branch}`,
    mode: 'async',
    pending: openPendingStore({ repository, remote: followed, now }),
    onPending: () => undefined,
  };
}

const NO_TRANSPORT: Transport = {
  name: 'git',
  defaultBranch: refuse,
  tipOf: refuse,
  fetch: refuse,
  push: refuse,
};

async function refuse(): Promise<never> {
  throw new Failure(
    'busy',
    'REMOTE_UNREACHABLE',
    'the remote of this clone is not named: it cannot be asked',
  );
}
