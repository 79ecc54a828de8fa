import { diffArrays } from 'diff';
import { diff3Merge } from 'node-diff3';

/** The lines of three versions, without their line ends. */
export interface LineVersions {
  readonly current: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Above so many pairs of equal lines the search for what belongs together would hold up everybody else. */
const PAIRS_LIMIT = 2_000_000;
/** Texts with more pairs are merged all the same where each of the changes is of no more lines. */
const MOST_CHANGED_LINES = 1000;

/** Makes the change from `from` to `to` in `current`; undefined where both changed the same lines in different ways. */
export function mergedLines(versions: LineVersions): readonly string[] | undefined {
  return countPairs(versions) <= PAIRS_LIMIT ? mergedBlock(versions) : mergedBlocks(versions);
}

function mergedBlock(versions: LineVersions): readonly string[] | undefined {
  const { current, from, to } = versions;
  if (current.length + from.length + to.length === 0) return [];
  if (countPairs(versions) > PAIRS_LIMIT) return undefined;
  const regions = diff3Merge([...current], [...from], [...to], { excludeFalseConflicts: true });
  if (regions.some(({ conflict }) => conflict !== undefined)) return undefined;
  return regions.flatMap(({ ok }) => ok ?? []);
}

/** Merges what is between the lines that stayed in both of the others, each block by itself. */
function mergedBlocks({ current, from, to }: LineVersions): readonly string[] | undefined {
  const [inCurrent, inTo] = [placesIn({ from, to: current }), placesIn({ from, to })];
  if (inCurrent === undefined || inTo === undefined) return undefined;
  const merged: string[] = [];
  let begin = { current: 0, from: 0, to: 0 };
  for (const [place, line] of [...from, undefined].entries()) {
    const end = { current: inCurrent.get(place), from: place, to: inTo.get(place) };
    if (end.current === undefined || end.to === undefined) continue;
    const block = mergedBlock({
      current: current.slice(begin.current, end.current),
      from: from.slice(begin.from, end.from),
      to: to.slice(begin.to, end.to),
    });
    if (block === undefined) return undefined;
    for (const fresh of block) merged.push(fresh);
    if (line !== undefined) merged.push(line);
    begin = { current: end.current + 1, from: end.from + 1, to: end.to + 1 };
  }
  return merged;
}

/** Where the lines that stayed are in the other text, by where they were; the ends of both belong together. */
function placesIn({ from, to }: Pick<LineVersions, 'from' | 'to'>): ReadonlyMap<number, number> | undefined {
  const parts = diffArrays([...from], [...to], { maxEditLength: MOST_CHANGED_LINES });
  if (parts === undefined) return undefined;
  const places = new Map([[from.length, to.length]]);
  let [place, other] = [0, 0];
  for (const { added, removed, count } of parts) {
    if (!added && !removed) {
      for (let line = 0; line < count; line += 1) places.set(place + line, other + line);
    }
    if (!added) place += count;
    if (!removed) other += count;
  }
  return places;
}

/** How many pairs of equal lines the search would look at. */
function countPairs({ current, from, to }: LineVersions): number {
  const counts = new Map<string, number>();
  for (const line of from) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...current, ...to].reduce((sum, line) => sum + (counts.get(line) ?? 0), 0);
}
