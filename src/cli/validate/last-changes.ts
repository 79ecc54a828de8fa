import { filesFullyOn } from '../../files/checks/fully-on.js';
import { levelOf } from '../../files/checks/levels.js';
import type { LoadedFlags } from '../load-flags.js';
import type { Surroundings } from '../surroundings.js';

/**
 * When the files of flags that everybody has were last changed, by path, in epoch milliseconds. Empty without a history;
 * git is asked only where there are such flags and the repository wants to know of them.
 */
export async function lastChangesOf(
  { folder, loaded }: { readonly folder: string; readonly loaded: LoadedFlags },
  around: Surroundings,
): Promise<ReadonlyMap<string, number>> {
  const isAsked = levelOf(loaded.config, 'FULLY_ON') !== 'off';
  const paths = isAsked ? filesFullyOn(loaded.orgs, around.now()) : [];
  const changes = new Map<string, number>();
  if (paths.length === 0) return changes;
  // What reads git takes longer to load than a hundred files to judge.
  const { withAges } = await import('../stale/ages.js');
  await withAges({ folder, loaded, around }, async (ages) => {
    for (const path of ages === undefined ? [] : paths) {
      const change = await ages?.lastChange(path);
      if (change !== undefined) changes.set(path, change.commit.seconds * 1_000);
    }
  });
  return changes;
}
