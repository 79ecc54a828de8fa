import {
  type FlagPart,
  flagPartsInSteps,
  type PartPlace,
  partIdentity,
} from '../changes/difference/parts.js';
import type { Difference } from '../changes/difference.js';
import type { FileValues } from '../files/parsed.js';
import { pathOf } from '../files/paths.js';
import type { FlagKey, OrgKey, ProjectKey } from '../model/keys.js';
import { bringersOf } from './blame-merges.js';
import { BoundedMap } from './bounded-map.js';
import type { BlameLine, HistoryCommit } from './commit-history.js';
import type { FileStep } from './file-events.js';
import { groupsOf, type HistoryDifferences, type StepGroup, wholeResources } from './history-differences.js';
import type { HistoryIndex } from './history-index.js';
import type { HistoryMerges } from './history-merges.js';
import { drain, pause } from './slices.js';

/** So many lines are kept, of the flags that were asked for last; of one that has more, its own alone. */
const LINES_KEPT = 20_000;

/** A flag by its keys. */
export interface BlamedFlag {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

/** What one commit did to one file of the flag. */
interface Act {
  readonly commit: HistoryCommit;
  readonly isCutOff: boolean;
  readonly step: FileStep;
  readonly group: StepGroup;
}

/** Tells who last changed each part that flags have now. Kept until another commit changes the flag. */
export class Blame {
  readonly #differences: HistoryDifferences;
  readonly #merges: HistoryMerges;
  readonly #known = new BoundedMap<string, readonly BlameLine[]>(LINES_KEPT, (lines) =>
    Math.min(lines.length + 1, LINES_KEPT),
  );

  constructor({
    differences,
    merges,
  }: {
    readonly differences: HistoryDifferences;
    readonly merges: HistoryMerges;
  }) {
    this.#differences = differences;
    this.#merges = merges;
  }

  /** Nothing for a flag that is not there or cannot be read. What is read of the index is read now. */
  async of(index: HistoryIndex, { org, project, flag }: BlamedFlag): Promise<readonly BlameLine[]> {
    const [path, overridesPath] = (['flag', 'overrides'] as const).map((kind) =>
      pathOf({ kind, org, project, key: flag }),
    ) as [string, string];
    const acts = { flag: actsAt(index, path), overrides: actsAt(index, overridesPath) };
    const key = [path, acts.flag[0]?.commit.oid, acts.overrides[0]?.commit.oid].join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const file = await this.#valueOf('flag', acts.flag[0]);
    if (file === undefined) return [];
    const overrides = (await this.#valueOf('overrides', acts.overrides[0])) ?? [];
    const parts = await drain(flagPartsInSteps(file, overrides));
    const lines = [
      ...(await this.#linesOf(index, {
        parts: parts.filter((part) => !isOverride(part)),
        acts: acts.flag,
      })),
      ...(await this.#linesOf(index, { parts: parts.filter(isOverride), acts: acts.overrides })),
    ];
    this.#known.set(key, lines);
    return lines;
  }

  clear(): void {
    this.#known.clear();
  }

  async #valueOf<Kind extends 'flag' | 'overrides'>(
    kind: Kind,
    act: Act | undefined,
  ): Promise<FileValues[Kind] | undefined> {
    if (act?.step.after === undefined) return undefined;
    const parsed = await this.#differences.parse(act.step.path, act.step.after);
    return parsed?.kind === kind ? (parsed.value as FileValues[Kind] | undefined) : undefined;
  }

  /** The newest act that touched a part is the one that is asked for; what none touched is as it was made. */
  async #linesOf(
    index: HistoryIndex,
    { parts, acts }: { readonly parts: readonly FlagPart[]; readonly acts: readonly Act[] },
  ): Promise<readonly BlameLine[]> {
    const keys = await identitiesOf(parts);
    const missing = new Set(keys);
    const found = new Map<string, Act>();
    let made = acts[0];
    for (const act of acts) {
      if (missing.size === 0) break;
      made = act;
      if (act.step.before === undefined) break;
      const differences = await this.#differencesOf(act);
      for (const key of await identitiesOf(differences)) if (missing.delete(key)) found.set(key, act);
      if (await this.#isFirstReadable(act, differences)) break;
    }
    const blamed = keys.map((key) => found.get(key) ?? made);
    const brought = await this.#broughtBy(index, { keys, blamed });
    return parts.flatMap((part, number): readonly BlameLine[] => {
      const act = blamed[number];
      if (act === undefined) return [];
      const { commit, isCutOff } = act;
      const bringer = brought.get(keys[number] ?? '');
      if (bringer === undefined) return [{ ...part, commit, mergedBy: undefined, isCutOff }];
      return [{ ...part, commit: bringer, mergedBy: commit, isCutOff: false }];
    });
  }

  /** By part, the commit behind the merge that is blamed. */
  async #broughtBy(
    index: HistoryIndex,
    of: { readonly keys: readonly string[]; readonly blamed: readonly (Act | undefined)[] },
  ): Promise<ReadonlyMap<string, HistoryCommit>> {
    const from = { merges: this.#merges, differences: this.#differences };
    const brought = new Map<string, HistoryCommit>();
    for (const act of new Set(of.blamed)) {
      if (act === undefined || act.commit.mergedParents.length === 0) continue;
      const { commit, step } = act;
      const parts = new Set(of.keys.filter((_, number) => of.blamed[number] === act));
      const differences = await this.#differencesOf(act);
      const bringers = await bringersOf(index, from, { commit, step, differences, parts });
      for (const [key, bringer] of bringers) brought.set(key, bringer);
    }
    return brought;
  }

  async #differencesOf({ group, step }: Act): Promise<readonly Difference[]> {
    const [differences = []] = await this.#differences.of([group]);
    return differences.filter(({ path }) => path === step.path);
  }

  /** What nobody could read before is as the one says who made it readable. */
  async #isFirstReadable({ group, step }: Act, differences: readonly Difference[]): Promise<boolean> {
    if (!differences.some(({ part }) => part.kind === 'readable')) return false;
    return (await this.#differences.lastReadable(group, step.path)) === undefined;
  }
}

/** A flag may have exceptions for tens of thousands of names. */
async function identitiesOf(parts: readonly PartPlace[]): Promise<readonly string[]> {
  const identities: string[] = [];
  for (const part of parts) {
    identities.push(partIdentity(part));
    await pause();
  }
  return identities;
}

/** Newest first. */
function actsAt(index: HistoryIndex, path: string): readonly Act[] {
  const steps = index.events.of(path);
  const acts: Act[] = [];
  for (const step of steps.toReversed()) {
    const commit = index.chain[step.place];
    const steps = index.stepsAt(step.place, wholeResources(path));
    const [group] = groupsOf(index, step.place, steps);
    const isCutOff = index.isCutOffAt(step.place);
    if (commit !== undefined && group !== undefined) acts.push({ commit, isCutOff, step, group });
    if (step.before === undefined) break;
  }
  return acts;
}

function isOverride({ part }: FlagPart): boolean {
  return part.kind === 'override';
}
