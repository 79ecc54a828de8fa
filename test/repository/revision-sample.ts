import { Failure } from '../../src/model/failure.js';
import { type GitRepository, openRepository } from '../../src/repository/git.js';
import { resolveRevision } from '../../src/repository/revision.js';
import { createRepository, type TestRepository } from '../support/git.js';

/** One commit, from the tenth second on. */
export const FIRST = '1'.repeat(40);
export const TIMELINE = { commitAt: (seconds: number) => (seconds < 10 ? undefined : FIRST) };

async function resolve(repository: GitRepository, text: string): Promise<string> {
  return (await resolveRevision(repository, TIMELINE, text)).commit;
}

/** The commit, or the failure's code. */
export async function outcome(repository: GitRepository, text: string): Promise<string> {
  try {
    return await resolve(repository, text);
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

/** The failure's sentence, or the commit. */
export async function sentenceOf(repository: GitRepository, text: string): Promise<string> {
  try {
    return await resolve(repository, text);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

/** Three commits on `main` and one on `feature/one`, with tags, a remote branch and a pull request. */
export async function sample(): Promise<{
  made: TestRepository;
  commits: readonly string[];
  repository: GitRepository;
}> {
  const made = await createRepository({ 'a.yaml': '1' });
  const commits = [
    await made.head(),
    await made.commit({ 'a.yaml': '2' }),
    await made.commit({ 'a.yaml': '3' }),
  ];
  await made.git('checkout', '--quiet', '-b', 'feature/one', 'HEAD~1');
  commits.push(await made.commit({ 'b.yaml': '4' }));
  await made.git('checkout', '--quiet', 'main');
  await made.git('tag', 'light', 'HEAD~2');
  await made.git('tag', '--annotate', '--message', 'one', 'annotated', 'HEAD~1');
  await made.git('tag', '--annotate', '--message', 'two', 'nested', 'annotated');
  await made.git('update-ref', 'refs/remotes/origin/main', 'HEAD~1');
  await made.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  await made.git('update-ref', 'refs/pull/12/head', 'feature/one');
  await made.git('update-ref', 'refs/merge-requests/3/head', 'feature/one');
  return { made, commits, repository: await openRepository(made.dir) };
}
