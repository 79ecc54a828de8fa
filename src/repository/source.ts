import { Failure } from '../model/failure.js';
import type { GitRepository } from './git.js';
import type { FollowedPlace } from './head.js';
import { type Listing, listCommit } from './listing.js';
import type { OrgVersions } from './org-folders.js';
import { listWorkTree } from './work-listing.js';
import { restingTree } from './work-stamp.js';

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
  /** The same for who polls: where a look takes long, it may be an older one. */
  glance(): Promise<Sight>;
  /** Undefined where there is nothing to list yet. `served` is what is served now, undefined in the first load. */
  list(sight: Sight, served: OrgVersions | undefined): Promise<Listing | undefined>;
}

/** Follows the branch, or HEAD where it is left out. */
export function commitSource(repository: GitRepository, branch: string | undefined): FlagSource {
  const look = async (): Promise<Sight> => {
    const head = await readHead(repository, branch);
    return { head, stamp: head };
  };
  return {
    place: { gitDir: repository.gitDir, commonDir: repository.commonDir, branch },
    look,
    glance: look,
    list: async ({ head }, served) => (head === undefined ? undefined : listCommit(repository, head, served)),
  };
}

/** Follows the plain files of a folder: as they are when they rest, for nobody serves half of a save. Times still come from the repository's history. */
export function workTreeSource(repository: GitRepository, workDir: string): FlagSource {
  const tree = restingTree(workDir);
  const sight = async (stampTree: () => Promise<string>): Promise<Sight> => {
    const { oid } = await repository.head();
    return { head: oid, stamp: `${oid} ${await stampTree()}` };
  };
  return {
    place: { gitDir: repository.gitDir, commonDir: repository.commonDir, branch: undefined },
    look: () => sight(() => tree.look()),
    glance: () => sight(() => tree.glance()),
    list: async () => listWorkTree(workDir),
  };
}

async function readHead(repository: GitRepository, branch: string | undefined): Promise<string | undefined> {
  if (branch === undefined) return (await repository.head()).oid;
  const oid = await repository.resolveBranch(branch);
  if (oid !== undefined) return oid;
  throw new Failure('busy', 'BRANCH_NOT_FOUND', `there is no branch ${branch}`);
}
