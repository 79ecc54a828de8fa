import { Failure } from '../model/failure.js';
import type { GitRepository } from './git.js';
import type { FollowedPlace } from './head.js';
import { type Listing, listCommit } from './listing.js';
import type { OrgVersions } from './org-folders.js';
import { restingStamp } from './work-stamp.js';
import { listWorkTree } from './worktree.js';

/** What there is to serve now, by name. */
export interface Sight {
  /** The commit whose history tells times and last good versions; undefined where there is none yet. */
  readonly head: string | undefined;
  /** Another one whenever there may be something else to list. */
  readonly stamp: string | undefined;
}

/** Where flags come from: the commits of a branch, or the plain files of the work tree. */
export interface FlagSource {
  /** What names the commit. */
  readonly place: FollowedPlace;
  /** Cheap where nothing has changed, for it is asked again and again. Throws `Failure` REPOSITORY_DAMAGED or BRANCH_NOT_FOUND. */
  look(): Promise<Sight>;
  /** Undefined where there is nothing to list yet. `served` is what is served now, undefined in the first load. */
  list(sight: Sight, served: OrgVersions | undefined): Promise<Listing | undefined>;
}

/** Follows the branch, or HEAD where it is left out. */
export function commitSource(repository: GitRepository, branch: string | undefined): FlagSource {
  return {
    place: { gitDir: repository.gitDir, commonDir: repository.commonDir, branch },
    look: async () => {
      const head = await readHead(repository, branch);
      return { head, stamp: head };
    },
    list: async ({ head }, served) => (head === undefined ? undefined : listCommit(repository, head, served)),
  };
}

/** Follows the plain files of a folder: as they are when they rest, for nobody serves half of a save. Times still come from the repository's history. */
export function workTreeSource(repository: GitRepository, workDir: string): FlagSource {
  let known: string | undefined;
  return {
    place: { gitDir: repository.gitDir, commonDir: repository.commonDir, branch: undefined },
    look: async () => {
      const { oid } = await repository.head();
      known = await restingStamp({ dir: workDir, known });
      return { head: oid, stamp: `${oid} ${known}` };
    },
    list: async () => listWorkTree(workDir),
  };
}

async function readHead(repository: GitRepository, branch: string | undefined): Promise<string | undefined> {
  if (branch === undefined) return (await repository.head()).oid;
  const oid = await repository.resolveBranch(branch);
  if (oid !== undefined) return oid;
  throw new Failure('busy', 'BRANCH_NOT_FOUND', `there is no branch ${branch}`);
}
