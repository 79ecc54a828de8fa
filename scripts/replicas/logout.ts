import { setTimeout as wait } from 'node:timers/promises';
import { tokenOf } from '../../test/support/http.js';
import type { Replica } from './replica.js';

const LOOK_MS = 20;
const GIVE_UP_MS = 15_000;

/** How long it takes until a token that was revoked on the first replica is refused on all, in milliseconds. */
export async function logOut(replicas: readonly Replica[]): Promise<number> {
  const token = await tokenOf({ sub: 'leaver', name: 'Leaver', email: 'leaver@example.com' });
  const isRefused = async (replica: Replica): Promise<boolean> =>
    (await ask(replica, token, { method: 'GET', path: '/api/v1/feature-flags' })) === 401;
  for (const replica of replicas) {
    if (await isRefused(replica)) throw new Error(`${replica.name} refuses a token that is good`);
  }
  const [first, ...others] = replicas;
  if (first === undefined) return 0;
  const start = performance.now();
  await ask(first, token, { method: 'POST', path: '/api/admin/logout' });
  for (const replica of [first, ...others]) {
    while (!(await isRefused(replica))) {
      if (performance.now() - start > GIVE_UP_MS) return Number.POSITIVE_INFINITY;
      await wait(LOOK_MS);
    }
  }
  return performance.now() - start;
}

/** The status of the answer. */
async function ask(
  { server }: Replica,
  token: string,
  { method, path }: { readonly method: string; readonly path: string },
): Promise<number> {
  const answer = await fetch(server.url + path, { method, headers: { Authorization: `Bearer ${token}` } });
  await answer.arrayBuffer();
  return answer.status;
}
