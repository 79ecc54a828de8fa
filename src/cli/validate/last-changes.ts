import { flagsFullyOn, fullyOnDays } from '../../files/checks/fully-on.js';
import { levelOf } from '../../files/checks/levels.js';
import type { LoadedFlags } from '../load-flags.js';
import type { Surroundings } from '../surroundings.js';

const DAY_SECONDS = 86_400;

/**
 * When the answers of flags that everybody has last changed, by path, in epoch milliseconds, as `flagstaff stale` counts.
 * Empty without a history; git is asked only where there are such flags and the repository wants to know of them.
 */
export async function lastChangesOf(
  { folder, loaded }: { readonly folder: string; readonly loaded: LoadedFlags },
  around: Surroundings,
): Promise<ReadonlyMap<string, number>> {
  const { config, orgs } = loaded;
  const flags = levelOf(config, 'FULLY_ON') === 'off' ? [] : flagsFullyOn(orgs, around.now());
  const changes = new Map<string, number>();
  if (flags.length === 0) return changes;
  const cutoff = around.now() / 1_000 - fullyOnDays(config) * DAY_SECONDS;
  // What reads git takes longer to load than a hundred files to judge.
  const { withAges } = await import('../stale/ages.js');
  await withAges({ folder, loaded, around }, async (ages) => {
    for (const { project, flag } of ages === undefined ? [] : flags) {
      const seconds = await ages?.unchangedSince({ project, key: flag.key, path: flag.path }, cutoff);
      if (seconds !== undefined) changes.set(flag.path, seconds * 1_000);
    }
  });
  return changes;
}
