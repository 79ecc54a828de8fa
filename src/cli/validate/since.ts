import { Failure } from '../../model/failure.js';
import { readBoundary } from '../../repository/history-walk.js';
import { UNSHALLOW } from '../../repository/revision.js';
import { openSince, type Since } from '../../repository/since/since.js';
import { WrongUse } from '../exit.js';
import { type OpenCommits, withCommits } from '../past/open.js';
import type { Surroundings } from '../surroundings.js';

/** What is asked: a revision in people's words. */
interface SinceWanted {
  readonly repo: string | undefined;
  readonly revision: string;
}

/** Reads what the work tree changes since a revision, and what that reaches. Throws `Failure` as `resolveRevision` does. */
export async function withSince<Result>(
  { repo, revision }: SinceWanted,
  around: Surroundings,
  use: (since: Since, opened: OpenCommits) => Promise<Result>,
): Promise<Result> {
  return withCommits(repo, around, async (opened) => {
    const { repository } = opened;
    const { workDir } = repository;
    if (workDir === undefined) throw new WrongUse('--since: a bare repository has no work tree to look at');
    const commit = await resolve(opened, revision);
    return use(await openSince({ repository, commit, workDir, now: around.now() }), opened);
  });
}

/**
 * Undefined for HEAD before the first commit, when everything is new. A clone of CI is mostly shallow and of one branch, and then
 * says what would have brought the revision.
 */
async function resolve(
  { repository, head, resolve }: OpenCommits,
  revision: string,
): Promise<string | undefined> {
  if (head === undefined && revision === 'HEAD') return undefined;
  try {
    return await resolve(revision);
  } catch (error) {
    const isShallow = readBoundary(repository) !== '';
    if (!(error instanceof Failure) || error.code !== 'REVISION_NOT_FOUND' || !isShallow) throw error;
    const message = `${error.message.replace(`; ${UNSHALLOW}`, '')}\n${SHALLOW}`;
    throw new Failure(error.kind, error.code, message, { cause: error });
  }
}

const SHALLOW = `This clone is shallow, so it lacks most commits and branches. In GitHub Actions give actions/checkout \`fetch-depth: 0\`,
in GitLab set \`GIT_DEPTH: 0\`; elsewhere run \`git fetch --unshallow origin\`.`;
