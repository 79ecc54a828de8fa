import { Failure } from '../../model/failure.js';
import type { GitRepository } from '../git.js';
import { followedRefs } from '../head.js';

const BRANCHES = 'refs/heads/';

/**
 * The branch that follows a remote: the one that is named, else the one that HEAD names, be its commit there or not.
 * Throws `Failure` NO_BRANCH where a commit itself is checked out.
 */
export function followedBranch(
  { gitDir, commonDir }: Pick<GitRepository, 'gitDir' | 'commonDir'>,
  named: string | undefined,
): string {
  const [ref] = followedRefs({ gitDir, commonDir, branch: named });
  if (ref?.startsWith(BRANCHES)) return ref.slice(BRANCHES.length);
  const sentence =
    'no branch is checked out in the clone, so it is unknown which to follow: name it with --branch';
  throw new Failure('conflict', 'NO_BRANCH', sentence);
}
