import { Failure } from '../../model/failure.js';
import type { CommitHistory } from '../../repository/commit-history.js';
import { FileReader } from '../../repository/file-reader.js';
import { type GitRepository, openRepository } from '../../repository/git.js';
import { hasRefs } from '../../repository/has-refs.js';
import { openHistory } from '../../repository/history.js';
import { resolveRevision } from '../../repository/revision.js';
import { repositoryFolder } from '../folder.js';
import type { Surroundings } from '../surroundings.js';
import { EMPTY_OUTLINE, type Outline, readOutline } from './outline.js';

/** A repository as the commands read its commits. It may be bare, and nothing is checked out or written. */
export interface OpenCommits {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  /** What is checked out; undefined before the first commit. */
  readonly head: string | undefined;
  /** The history of HEAD, built or brought up to date at the first call. */
  readonly history: () => Promise<CommitHistory>;
  /** The commit that is meant. Throws `Failure` NO_COMMIT before the first commit, else as `resolveRevision` does. */
  readonly resolve: (revision: string) => Promise<string>;
}

/** The same for commands that are told organizations, projects and flags by their names. */
export interface OpenPast extends OpenCommits {
  /** What HEAD has. */
  readonly outline: Outline;
}

/** Opens the repository for a task, and gives everything back after it. Throws `Failure` NO_REPOSITORY. */
export function withPast<Result>(
  repo: string | undefined,
  around: Surroundings,
  use: (opened: OpenPast) => Promise<Result>,
): Promise<Result> {
  return withCommits(repo, around, async (opened) => {
    const { repository, reader, head: commit } = opened;
    const outline = await outlineOf({ repository, reader, commit, now: around.now() });
    return use({ ...opened, outline });
  });
}

/** The same without a look at what HEAD has, which takes a look at the name of each of its files. */
export async function withCommits<Result>(
  repo: string | undefined,
  around: Surroundings,
  use: (opened: OpenCommits) => Promise<Result>,
): Promise<Result> {
  const repository = await openRepository(repositoryFolder(repo, around));
  const reader = new FileReader(repository);
  let opening: ReturnType<typeof openHistory> | undefined;
  try {
    const { oid: head } = await repository.head();
    const history = (): ReturnType<typeof openHistory> => {
      if (head === undefined) throw noCommit();
      opening ??= openHistory(repository, { head, reader });
      return opening;
    };
    const timeline = { commitAt: async (seconds: number) => (await history()).commitAt(seconds) };
    const resolve = async (revision: string): Promise<string> => {
      try {
        return (await resolveRevision(repository, timeline, revision)).commit;
      } catch (error) {
        const isEmpty = head === undefined && isNotFound(error);
        throw isEmpty && isBeforeFirst(repository, revision) ? noCommit() : error;
      }
    };
    return await use({ repository, reader, head, history, resolve });
  } finally {
    await (await opening)?.close();
    await reader.close();
  }
}

/** The outline of what is checked out. */
export async function readHeadOutline(repository: GitRepository, around: Surroundings): Promise<Outline> {
  const reader = new FileReader(repository);
  try {
    const { oid: commit } = await repository.head();
    return await outlineOf({ repository, reader, commit, now: around.now() });
  } finally {
    await reader.close();
  }
}

type OutlineInput = Parameters<typeof readOutline>[0];

async function outlineOf({
  commit,
  ...input
}: Omit<OutlineInput, 'commit'> & { readonly commit: string | undefined }): Promise<Outline> {
  return commit === undefined ? EMPTY_OUTLINE : readOutline({ ...input, commit });
}

function isNotFound(error: unknown): boolean {
  return error instanceof Failure && error.code === 'REVISION_NOT_FOUND';
}

/** A branch without a commit may stand beside others that have some; among those a name is only wrong. */
function isBeforeFirst({ commonDir }: GitRepository, revision: string): boolean {
  return /^HEAD(?:[~^]|$)/.test(revision) || !hasRefs(commonDir);
}

function noCommit(): Failure {
  return new Failure('not-found', 'NO_COMMIT', 'there is no commit yet');
}
