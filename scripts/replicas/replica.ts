import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { repositoryAt, type TestRepository, temporaryFolder } from '../../test/support/git.js';
import type { TestGitServer } from '../../test/support/git-server.js';
import { ServerProcess } from '../chaos/server.js';
import { type Network, openNetwork } from './network.js';

/** How often a replica asks on its own, in milliseconds. */
export const POLL_MS = 1_000;
const HOOK_SECRET = 'what the git host signs its hooks with';

/** One server on a clone of its own, with its own way to the git host. */
export interface Replica {
  readonly name: string;
  readonly clone: TestRepository;
  readonly server: ServerProcess;
  readonly network: Network;
}

/** Starts a server that clones the remote into a folder that is not there yet. */
export async function startReplica(
  host: TestGitServer,
  name: string,
  push: 'sync' | 'async',
): Promise<Replica> {
  const network = await openNetwork(Number(new URL(host.url).port));
  const remote = new URL(host.urlWithAccount);
  remote.port = String(network.port);
  const dir = join(temporaryFolder(), 'clone');
  const server = new ServerProcess(dir, {
    FLAGSTAFF_REMOTE: remote.href,
    FLAGSTAFF_POLL_MS: String(POLL_MS),
    FLAGSTAFF_PUSH: push,
    FLAGSTAFF_HOOK_SECRET: HOOK_SECRET,
  });
  await server.start();
  return { name, clone: repositoryAt(dir), server, network };
}

/** Tells a replica of a push, as GitHub does. One that does not listen is not told. */
export async function sendHook({ server }: Replica): Promise<void> {
  const body = JSON.stringify({ ref: 'refs/heads/main' });
  const signature = createHmac('sha256', HOOK_SECRET).update(body).digest('hex');
  await fetch(`${server.url}/hooks/git`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'X-GitHub-Event': 'push',
      'X-Hub-Signature-256': `sha256=${signature}`,
    },
    body,
  })
    .then((answer) => answer.arrayBuffer())
    .catch(() => undefined);
}

/** What a replica says of itself. */
export interface Health {
  readonly revision: string | null;
  readonly remote: { readonly pending: number; readonly lost: number; readonly trouble: string | null };
}

/** Undefined where it does not answer. */
export async function healthOf({ server }: Replica): Promise<Health | undefined> {
  try {
    return (await (await fetch(`${server.url}/health`)).json()) as Health;
  } catch {
    return undefined;
  }
}
