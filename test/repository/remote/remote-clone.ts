import { type GitRepository, openRepository } from '../../../src/repository/git.js';
import { parseRemote } from '../../../src/repository/remote/address.js';
import { openTransport } from '../../../src/repository/remote/open-transport.js';
import type { Fetched, Pushed, Transport } from '../../../src/repository/remote/transport.js';
import { createRepository, type TestRepository } from '../../support/git.js';
import type { TestGitServer } from '../../support/git-server.js';

export const WAYS = ['git', 'isomorphic-git'] as const;
export const MAIN = 'refs/heads/main';
export const TRACKED = 'refs/remotes/origin/main';
/** Long enough for a busy machine. */
const PATIENCE_MS = 30_000;

/** A repository without a commit of its own, and its way to the remote. */
export interface RemoteClone {
  readonly test: TestRepository;
  readonly repository: GitRepository;
  readonly transport: Transport;
  /** Asks for `main`; with less patience where that is told. */
  fetchMain(patienceMs?: number): Promise<Fetched>;
  /** Fetches, and checks `main` out. */
  follow(): Promise<string>;
  /** Pushes a commit that stands on what was fetched last. */
  pushMain(commit: string, patienceMs?: number): Promise<Pushed>;
  /** What is noted of the remote's `main`, and whether all of it is there. */
  tracked(): Promise<string>;
}

export async function openClone(
  server: TestGitServer,
  way: Transport['name'],
  url = server.url,
): Promise<RemoteClone> {
  const test = await createRepository();
  const repository = await openRepository(test.dir);
  const transport = await openTransport({ repository, address: parseRemote(url), way });
  const refs = new Map([[MAIN, TRACKED]]);
  const fetchMain = (patienceMs = PATIENCE_MS) => transport.fetch({ refs }, AbortSignal.timeout(patienceMs));
  const tracked = () => test.git('for-each-ref', '--format=%(objectname)', TRACKED);
  return {
    ...{ test, repository, transport, fetchMain, tracked },
    follow: async () => {
      await fetchMain();
      await test.git('reset', '--quiet', '--hard', TRACKED);
      return test.head();
    },
    pushMain: async (commit, patienceMs = PATIENCE_MS) => {
      const expected = (await tracked()) || undefined;
      return transport.push({ ref: MAIN, commit, expected }, AbortSignal.timeout(patienceMs));
    },
  };
}
