import { referredFirst } from '../evaluation/order.js';
import type { Graph } from './cycles.js';

/** A step that leads to what lies too deep. */
export interface DeepStep<Place> {
  readonly from: string;
  readonly to: string;
  readonly at: Place;
}

/**
 * The steps to names below which `limit` others or more lie, one below the other. Such a step counts as none for those
 * above it, so that one chain is told where it gets too long and not again all the way up. Cycles are not looked at.
 */
export function findDeepSteps<Place>(graph: Graph<Place>, limit: number): DeepStep<Place>[] {
  // A chain passes each name once.
  if (graph.size <= limit) return [];
  const depths = new Map<string, number>();
  const deep: DeepStep<Place>[] = [];
  for (const name of referredFirst([...graph.keys()].sort(), (key) =>
    (graph.get(key) ?? []).map(({ to }) => to),
  )) {
    let depth = 0;
    for (const { to, at } of graph.get(name) ?? []) {
      const below = depths.get(to) ?? 0;
      if (below >= limit) deep.push({ from: name, to, at });
      depth = Math.max(depth, 1 + (below >= limit ? 0 : below));
    }
    depths.set(name, depth);
  }
  return deep;
}
