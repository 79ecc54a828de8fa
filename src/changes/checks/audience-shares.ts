import type { EnvironmentState, Rule, Serve } from '../../model/flag.js';

/** The share of an audience that each variant has, from 0 to 100. Who gets the caller's own default is in none. */
export type Shares = ReadonlyMap<string, number>;

/**
 * What an audience gets in one environment: those for whom the clauses of `rule` hold and of no other rule, or of none at
 * all where it is undefined. Percentages count as if they were drawn independently of each other, as they are. Overrides,
 * attached segments and required flags are left out: they are no ramp.
 */
export function audienceShares(state: EnvironmentState | undefined, rule: Rule | undefined): Shares {
  const shares = new Map<string, number>();
  if (state === undefined || !state.enabled || state.killed === true) return shares;
  let left = 100;
  for (const one of state.rules ?? []) {
    if (one.when !== undefined && one.id !== rule?.id) continue;
    const taken = (left * (one.percentage ?? 100)) / 100;
    addShares(shares, one.serve, taken);
    left -= taken;
  }
  addShares(shares, state.serve, left);
  return shares;
}

function addShares(shares: Map<string, number>, serve: Serve = 'on', of: number): void {
  if (serve === null) return;
  const weights = typeof serve === 'string' ? { [serve]: 1 } : serve;
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  for (const [variant, weight] of Object.entries(weights)) {
    if (weight > 0) shares.set(variant, (shares.get(variant) ?? 0) + (of * weight) / total);
  }
}
