import type { RemoteOptions } from '../../src/repository/remote/remote-options.js';
import type { ServerOptions } from '../../src/server.js';
import { repositoryAt, type TestRepository, temporaryFolder } from './git.js';
import type { TestGitServer } from './git-server.js';
import { type Answered, serveRepository, type TestServer, tokenOf } from './http.js';
import { until } from './until.js';

/** A flag that is on in production, and one that is off. */
export const REMOTE_FILES = {
  'flags/acme/org.yaml': [
    'name: Acme',
    'defaultProject: web-app',
    'members:',
    '  - { email: marc@example.com, permissions: [org:admin] }',
    '  - { email: ada@example.com, permissions: ["project:web-app:member"] }',
    '  - { email: grace@example.com, permissions: ["project:shop:admin"] }',
    '',
  ].join('\n'),
  'flags/acme/shop/project.yaml': 'environments: [production]\n',
  'flags/acme/web-app/project.yaml': 'environments: [production]\n',
  'flags/acme/web-app/flags/banner.yaml': 'environments:\n  production: { enabled: true }\n',
  'flags/acme/web-app/flags/dark-mode.yaml': 'environments:\n  production: { enabled: false }\n',
  'flags/globex/org.yaml': [
    'name: Globex',
    'members: [{ email: linus@example.com, permissions: [org:admin] }]',
    '',
  ].join('\n'),
};

/** The file of the flag that is off. */
export const DARK_MODE = 'flags/acme/web-app/flags/dark-mode.yaml';

/** The path of its state. */
export const DARK_MODE_PATH = '/api/v1/feature-flags/dark-mode?org_id=acme';

/** The text that turns it on. */
export const DARK_MODE_ON = 'environments:\n  production: { enabled: true }\n';

/** So often the servers of tests ask their remote, in milliseconds. */
const POLL_MS = 100;

/** A server that follows a git host. */
export interface FollowingServer extends TestServer {
  /** What it answers of its remote. */
  remote(): Promise<RemoteAnswer>;
  /** Fulfils once it has followed its remote, and nothing is in the way. */
  follows(): Promise<void>;
  /** Fulfils when it serves this commit. */
  serves(commit: string): Promise<void>;
  /** A write by Marc. */
  write(path: string, body: unknown): Promise<Answered>;
}

/** What health says of a remote. */
export interface RemoteAnswer {
  readonly url: string;
  readonly head: string | null;
  readonly ageSeconds: number | null;
  readonly failuresInARow: number;
  readonly trouble: string | null;
  readonly isStale: boolean;
  readonly pending: number;
  readonly lost: number;
}

/** Starts a server on a clone of what a host has, made anew where no folder is named. Waits for nothing else. */
export async function followHost(
  host: TestGitServer,
  { dir = temporaryFolder(), remote = {}, ...options }: FollowOptions = {},
): Promise<FollowingServer> {
  const clone: TestRepository = repositoryAt(dir);
  const server = await serveRepository(clone, {
    ...options,
    remote: { url: host.urlWithAccount, pollMs: POLL_MS, ...remote },
  });
  const health = async () => (await server.ask('/health')).body as Health;
  return {
    ...server,
    remote: async () => (await health()).remote,
    follows: () =>
      until(async () => {
        const { trouble, isStale, ageSeconds } = (await health()).remote;
        return trouble === null && !isStale && ageSeconds !== null;
      }),
    serves: (commit) => until(async () => (await health()).revision === commit),
    write: async (path, body) => server.ask(path, { method: 'PUT', token: await tokenOf(), body }),
  };
}

/** How a host is followed. */
export type FollowOptions = Partial<Omit<ServerOptions, 'remote'>> & {
  /** The clone's folder. */
  readonly dir?: string;
  readonly remote?: Partial<RemoteOptions>;
};

interface Health {
  readonly revision: string;
  readonly remote: RemoteAnswer;
}
