import type { Difference } from '../changes/difference.js';
import { sentencesOf } from '../changes/difference-files.js';
import { isTooLongToCompare, unifiedDiffInTurns } from '../changes/text-diff.js';
import type { TextPair } from '../changes/text-pair.js';
import type { EntryBounds } from '../repository/commit-history.js';
import { inTurns } from '../repository/slices.js';

/** How much of a commit is shown in a list, and of one that is asked for alone: one that brings a whole repository is long. */
export const IN_LIST: EntryBounds = { mostFiles: 100, mostDifferences: 100, mostMerged: 20 };
export const ALONE = { mostFiles: 1_000, mostDifferences: 1_000, mostMerged: 500 } satisfies EntryBounds;

/** So many characters of a diff are shown, and the rest of the file in which they end. */
const MOST_OF_DIFF = 1_000_000;

/** What a write changes in meaning, as much of it as of a commit that is asked for alone. */
export interface ToldDifferences {
  readonly sentences: readonly string[];
  readonly differences: readonly Difference[];
  readonly isCut: boolean;
}

/** The answer of a write of tens of thousands of names would hold everybody else while it is made. */
export function toldDifferences(all: readonly Difference[]): ToldDifferences {
  const differences = all.slice(0, ALONE.mostDifferences);
  return { sentences: sentencesOf(differences), differences, isCut: differences.length < all.length };
}

/** A diff as it is shown. */
export interface ShownDiff {
  /** As `git diff` prints it. */
  readonly diff: string;
  /** True where files are missing in it, or have lines that are not compared. */
  readonly isCut: boolean;
}

/** File by file, so that others have their turn. */
export async function shownDiff(pairs: readonly TextPair[]): Promise<ShownDiff> {
  const diffs: string[] = [];
  let [length, isCut] = [0, false];
  for await (const pair of inTurns(pairs)) {
    if (length >= MOST_OF_DIFF) return { diff: diffs.join(''), isCut: true };
    const diff = await unifiedDiffInTurns([pair]);
    diffs.push(diff);
    length += diff.length;
    isCut ||= isTooLongToCompare(pair);
  }
  return { diff: diffs.join(''), isCut };
}
