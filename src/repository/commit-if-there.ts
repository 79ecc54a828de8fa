import type { Commit } from './commit.js';
import { isDamage } from './damage.js';
import type { GitRepository } from './git.js';

/** The commit, or undefined where history ends: a shallow clone names a parent that it has not, and git may lose one. */
export async function readCommitIfThere(repository: GitRepository, oid: string): Promise<Commit | undefined> {
  try {
    return await repository.readCommit(oid);
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}
