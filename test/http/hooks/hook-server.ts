import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../../src/http/app.js';
import { openWebhooks } from '../../../src/http/webhooks/webhooks.js';
import { openCache } from '../../../src/repository/cache.js';
import { openFlagEvents } from '../../../src/repository/flag-events.js';
import { openRepository } from '../../../src/repository/git.js';
import { openKeyUse } from '../../../src/repository/key-use.js';
import type { FollowedRemote, RemoteStatus } from '../../../src/repository/remote/remote.js';
import { openRevokedTokens } from '../../../src/repository/revoked-tokens.js';
import { openWriter } from '../../../src/repository/writer.js';
import { createRepository } from '../../support/git.js';
import { type Answered, type Ask, askServer } from '../../support/http.js';
import { FILES } from '../sample.js';

/** The HTTP side with a remote that only counts how often it is asked. */
export interface HookServer {
  ask(path: string, ask: Ask): Promise<Answered>;
  /** How often the remote was asked so far. */
  fetches(): number;
  /** The next question to the remote goes wrong. */
  failNext(): void;
  close(): Promise<void>;
}

const STATUS: RemoteStatus = {
  url: 'https://git.example.com/acme/flags.git',
  branch: 'main',
  mode: 'sync',
  transport: 'git',
  head: undefined,
  fetchedAt: undefined,
  followedAt: undefined,
  failuresInARow: 0,
  fetches: 0,
  failures: 0,
  trouble: undefined,
  isStale: false,
  pending: [],
  lost: [],
};

/** Serves hooks of `main`; where it follows none, there is no remote at all. */
export async function serveHooks({
  hookSecret,
  isFollowing = true,
}: {
  readonly hookSecret?: string;
  readonly isFollowing?: boolean;
}): Promise<HookServer> {
  const { dir } = await createRepository(FILES);
  const repository = await openRepository(dir);
  const [log, now] = [() => undefined, Date.now];
  const cache = await openCache({ repository });
  const writer = await openWriter({ repository, cache });
  const keyUse = openKeyUse({ repository, log });
  const revoked = openRevokedTokens({ repository, now, log });
  const { remote, ...counts } = countingRemote();
  const events = openFlagEvents(cache);
  const { server, finish } = createApp({
    ...{ events, ticketSecret: 'a secret of the tests' },
    webhooks: openWebhooks({ repository, cache, rules: { isOn: false, allow: [] }, log, now }),
    ...{ repository, cache, writer, keyUse, revoked, log, now, version: '0', hookSecret },
    ...(isFollowing ? { remote } : {}),
    access: {
      publicAccess: undefined,
      identify: () => ({ kind: 'anonymous', isLocal: true }),
      origins: new Set(),
    },
  });
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const agent = new Agent({ keepAlive: true });
  const close = async (): Promise<void> => {
    agent.destroy();
    await finish();
    server.close();
    server.closeAllConnections();
    revoked.close();
    await keyUse.close();
    await writer.close();
    await cache.close();
  };
  return { ...counts, close, ask: (path, ask) => askServer({ url, agent, path, ask }) };
}

function countingRemote(): Pick<HookServer, 'fetches' | 'failNext'> & { readonly remote: FollowedRemote } {
  let fetches = 0;
  let isFailing = false;
  const fetch = async (): Promise<void> => {
    fetches += 1;
    const fails = isFailing;
    isFailing = false;
    if (fails) throw new Error('the remote does not answer');
  };
  return {
    remote: {
      status: STATUS,
      fetch,
      forget: async () => false,
      withdraw: async () => false,
      onRewritten: () => () => undefined,
      close: async () => undefined,
    },
    fetches: () => fetches,
    failNext: () => {
      isFailing = true;
    },
  };
}
