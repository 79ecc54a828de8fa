import type { Split } from '../../model/flag.js';

/** How many people a change of weights moves, as shares of all from 0 to 1. */
export interface MovedShares {
  /** Those who get another variant. */
  readonly moved: number;
  /** Those who would at the least: what the variants gain together. */
  readonly needed: number;
}

/** Whom new weights move: people keep their place on the line from 0 to 1, along which the variants lie in file order. */
export function movedShares(before: Split, after: Split): MovedShares {
  const [old, young] = [partsOf(before), partsOf(after)];
  let kept = 0;
  for (const one of old) {
    for (const other of young) {
      if (one.variant !== other.variant) continue;
      kept += Math.max(0, Math.min(one.end, other.end) - Math.max(one.start, other.start));
    }
  }
  const shareBefore = new Map(old.map(({ variant, start, end }) => [variant, end - start]));
  const gains = young.map(({ variant, start, end }) => end - start - (shareBefore.get(variant) ?? 0));
  const needed = gains.filter((gain) => gain > 0).reduce((sum, gain) => sum + gain, 0);
  return { moved: 1 - kept, needed };
}

interface Part {
  readonly variant: string;
  readonly start: number;
  readonly end: number;
}

function partsOf(split: Split): readonly Part[] {
  const total = Object.values(split).reduce((sum, weight) => sum + weight, 0);
  let below = 0;
  return Object.entries(split).map(([variant, weight]) => {
    const start = below / total;
    below += weight;
    return { variant, start, end: below / total };
  });
}
