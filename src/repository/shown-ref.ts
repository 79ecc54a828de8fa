import { Failure } from '../model/failure.js';
import type { GitRepository } from './git.js';
import type { FollowedPlace } from './head.js';
import { listCommit } from './listing.js';
import { resolveRevision, type Timeline } from './revision.js';
import { parseRevision } from './revision-name.js';
import { refCandidates } from './revision-refs.js';
import type { FlagSource, Sight } from './source.js';

/**
 * The flags as a branch, a tag, a commit or a ref has them, whatever is checked out: for people who review a change. What a
 * branch is moved to is followed.
 */
export function refSource(repository: GitRepository, ref: string): FlagSource {
  const look = async (): Promise<Sight> => {
    const head = await commitOfRef(repository, ref);
    return { head, stamp: head };
  };
  return {
    place: placeOf(repository, ref),
    look,
    glance: look,
    list: async ({ head }, served) => (head === undefined ? undefined : listCommit(repository, head, served)),
  };
}

/** Throws `Failure` REVISION_NOT_FOUND for what is not there, INVALID_REVISION for what is no name, such as a time. */
export async function commitOfRef(repository: GitRepository, ref: string): Promise<string> {
  return (await resolveRevision(repository, NO_TIMES, ref)).commit;
}

const NO_TIMES: Timeline = {
  commitAt: () => {
    throw new Failure('invalid', 'INVALID_REVISION', 'the revision: wanted a branch, a tag or a commit');
  },
};

/** Any of the names that it may stand for can come to be. */
function placeOf({ gitDir, commonDir }: GitRepository, ref: string): FollowedPlace {
  const revision = parseRevision(ref);
  const isHead = revision.kind === 'time' || revision.name === 'HEAD';
  const refs = isHead ? undefined : refCandidates(revision.name);
  return { gitDir, commonDir, branch: undefined, refs };
}
