import type { FlagCache } from '../repository/served.js';
import type { Logs } from './logs/logs.js';

/**
 * Tells the log of each organization that is served in another version, whether somebody wrote it here or pushed it. The
 * first load is no news.
 */
export function tellSwaps(cache: FlagCache, logs: Pick<Logs, 'swap'>): void {
  const told = new Map<string, string>();
  cache.onSwap(({ snapshot, version, revision }) => {
    const { key, projects } = snapshot;
    const isKnown = told.get(key) === version;
    told.set(key, version);
    if (isKnown || !cache.isReady) return;
    const flags = [...projects.values()].reduce((count, project) => count + project.flags.size, 0);
    logs.swap({ org: key, revision, flags });
  });
  cache.onGone((org) => told.delete(org));
}
