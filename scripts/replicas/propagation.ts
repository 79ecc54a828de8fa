import { setTimeout as wait } from 'node:timers/promises';
import { readRef } from '../../src/repository/head.js';
import type { TestGitServer } from '../../test/support/git-server.js';
import type { Record, Sight } from './record.js';
import { healthOf, type Replica } from './replica.js';

const LOOK_MS = 20;

/** Notes where the host's branch is after a push. */
export function noteLanded(host: Pick<TestGitServer, 'dir'>, { landed }: Record): void {
  const commit = readRef(host.dir, 'refs/heads/main');
  if (commit !== undefined && commit !== landed.at(-1)?.commit)
    landed.push({ commit, at: performance.now() });
}

/** Notes what a replica serves, as soon as it does. */
export async function watch(replica: Replica, record: Record, isOver: () => boolean): Promise<void> {
  const served: Sight[] = record.served.get(replica.name) ?? [];
  record.served.set(replica.name, served);
  while (!isOver()) {
    const commit = (await healthOf(replica))?.revision;
    if (typeof commit === 'string' && commit !== served.at(-1)?.commit)
      served.push({ commit, at: performance.now() });
    await wait(LOOK_MS);
  }
}

/**
 * How long each push of a span of time took to be served on each replica, in milliseconds, in order: that commit, or one
 * that stands on it. One that was never served counts as without end.
 */
export function propagationIn(
  record: Record,
  history: readonly string[],
  span: { readonly from: number; readonly to: number },
): readonly number[] {
  const places = new Map(history.map((commit, place) => [commit, place]));
  const placeOf = ({ commit }: Sight): number => places.get(commit) ?? -1;
  const pushes = record.landed.filter(({ at }) => at >= span.from && at < span.to);
  const times = [...record.served.values()].flatMap((sights) =>
    pushes.map((push) => {
      const sight = sights.find((one) => one.at >= span.from && placeOf(one) >= placeOf(push));
      return sight === undefined ? Number.POSITIVE_INFINITY : Math.max(0, sight.at - push.at);
    }),
  );
  return times.sort((one, other) => one - other);
}

/** The time that so great a part of them does not exceed; NaN of none. */
export function percentile(times: readonly number[], part: number): number {
  return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
}
