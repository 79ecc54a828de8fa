import { Failure } from '../model/failure.js';
import type { WritableCache } from './adoption.js';
import { CommitChain } from './commit-chain.js';
import type { GitRepository } from './git.js';

/** Where a chain begins. */
export interface ChainPlace {
  readonly repository: GitRepository;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch?: string | undefined;
  readonly cache: WritableCache;
}

/**
 * A chain on the head. A cache that is behind follows first: what it loads meanwhile would be loaded twice, and the branch
 * moves on. Throws `Failure` NO_COMMIT where there is no head.
 */
export async function startChain({ repository, branch, cache }: ChainPlace): Promise<CommitChain> {
  const seen = await headCommit(repository, branch);
  if (cache.revision !== seen) await cache.refresh().catch(() => undefined);
  const oid = await headCommit(repository, branch);
  const { tree } = await repository.readCommit(oid);
  return new CommitChain(repository, { oid, tree });
}

async function headCommit(repository: GitRepository, branch: string | undefined): Promise<string> {
  const oid = branch === undefined ? (await repository.head()).oid : await repository.resolveBranch(branch);
  if (oid !== undefined) return oid;
  throw new Failure('busy', 'NO_COMMIT', 'there is no commit yet to write on top of');
}
