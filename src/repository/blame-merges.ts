import { partIdentity } from '../changes/difference/parts.js';
import { identityOf } from '../changes/difference/same.js';
import type { Difference } from '../changes/difference.js';
import type { HistoryCommit } from './commit-history.js';
import type { FileStep } from './file-events.js';
import { type HistoryDifferences, wholeResources } from './history-differences.js';
import type { HistoryIndex } from './history-index.js';
import { groupsOfMerged, type HistoryMerges, type MergedCommit } from './history-merges.js';
import { pause } from './slices.js';

/** What a merge did to a file, and the parts, by identity, that are blamed on it. */
export interface BlamedMerge {
  readonly commit: HistoryCommit;
  readonly step: FileStep;
  readonly differences: readonly Difference[];
  readonly parts: ReadonlySet<string>;
}

/**
 * The commits behind a merge that last changed the parts which it brought, by part. A part that the merge has otherwise
 * than they left it is its own, and not told.
 */
export async function bringersOf(
  index: HistoryIndex,
  from: { readonly merges: HistoryMerges; readonly differences: HistoryDifferences },
  merge: BlamedMerge,
): Promise<ReadonlyMap<string, HistoryCommit>> {
  const { path } = merge.step;
  const { commits } = await from.merges.of(index, merge.commit);
  const touching = commits.flatMap((side) => {
    const step = side.steps.find((each) => each.path === path);
    return step === undefined ? [] : [{ side, step }];
  });
  const isBroughtWhole = touching[0]?.step.after?.oid === merge.step.after?.oid;
  const contents = isBroughtWhole ? undefined : contentsOf(merge.differences);
  const missing = new Set(merge.parts);
  const found = new Map<string, HistoryCommit>();
  for (const { side, step } of touching) {
    if (missing.size === 0) break;
    for (const difference of await differencesAt(from.differences, side, path)) {
      const part = partIdentity(difference);
      const isAsLeft = contents === undefined || contents.get(part) === contentOf(difference);
      if (missing.delete(part) && isAsLeft) found.set(part, side.commit);
      await pause();
    }
    if (step.before !== undefined) continue;
    // What no later commit touched is as this one made it.
    if (isBroughtWhole) for (const part of missing) found.set(part, side.commit);
    break;
  }
  return found;
}

async function differencesAt(
  differences: HistoryDifferences,
  { commit, steps }: MergedCommit,
  path: string,
): Promise<readonly Difference[]> {
  const whole = wholeResources(path);
  const wanted = steps.filter((step) => whole.includes(step.path));
  const [group] = groupsOfMerged({ commit, steps: wanted });
  const [told = []] = group === undefined ? [] : await differences.of([group]);
  return told.filter((difference) => difference.path === path);
}

function contentsOf(differences: readonly Difference[]): ReadonlyMap<string, string> {
  return new Map(differences.map((difference) => [partIdentity(difference), contentOf(difference)]));
}

function contentOf({ after }: Difference): string {
  return identityOf(after ?? null);
}
