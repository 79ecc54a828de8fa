import { Failure } from '../../model/failure.js';
import type { PendingChange } from './remote.js';

/** The refusal of what a rule or a hook of the remote does not take: what is pending goes along with every write. */
export function remoteRefused(reason: string, pending: readonly PendingChange[]): Failure {
  const [oldest] = pending;
  const sentence = `the remote refuses it: ${reason}`;
  const way =
    oldest === undefined
      ? ''
      : `; ${pending.length} pending go along with each write, the oldest of them "${oldest.subject}": have the remote take them, or take that one off with DELETE /api/v1/changes/pending/${oldest.id}`;
  return new Failure('conflict', 'REMOTE_REFUSED', sentence + way);
}

/** Its branch stands where it stood, and it takes nothing: something of its own is in the way. */
export function standsStill(): Failure {
  const sentence =
    'the remote takes no push although its branch has not moved: look there for a lock that was left behind, such as refs/heads/main.lock';
  return new Failure('busy', 'BRANCH_MOVING', sentence, { data: { retryAfterSeconds: 5 } });
}

/** The refusal to push from a branch that somebody took off all that is known of the remote. */
export function setBack(): Failure {
  const sentence =
    'the branch in the clone was set back to before what is known of the remote: the remote is asked first';
  return new Failure('busy', 'BRANCH_MOVING', sentence, { data: { retryAfterSeconds: 1 } });
}

/** The branch was there, and somebody has removed it. */
export function branchGone(ref: string): Failure {
  const sentence = `the remote has no ${ref} any more, so nothing is pushed there; make it again, or follow another branch`;
  return new Failure('conflict', 'REMOTE_BRANCH_GONE', sentence);
}
