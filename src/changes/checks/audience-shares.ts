import type { EnvironmentState, Rule, Serve } from '../../model/flag.js';

/** The share of an audience that each variant has, from 0 to 100. Who gets the caller's own default is in none. */
export type Shares = ReadonlyMap<string, number>;

/** What a flag does in one environment, and its off variant there; undefined where callers get their own default. */
export interface FlagInEnvironment {
  readonly state: EnvironmentState;
  readonly off: string | undefined;
}

/**
 * What an audience gets in one environment: those for whom the clauses of `rule` hold and of no other rule, or of none at
 * all where it is undefined. Percentages count as if they were drawn independently of each other, as they are. Overrides,
 * attached segments and required flags are left out: they are no ramp. So is the kill switch: what a kill takes away must
 * come back with it, and nothing else.
 */
export function audienceShares(flag: FlagInEnvironment | undefined, rule: Rule | undefined): Shares {
  if (flag === undefined) return new Map();
  const { state, off } = flag;
  if (!state.enabled) return offShares(off);
  const shares = new Map<string, number>();
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

/** Everybody gets the off variant. */
export function offShares(off: string | undefined): Shares {
  return new Map(off === undefined ? [] : [[off, 100]]);
}

function addShares(shares: Map<string, number>, serve: Serve = 'on', of: number): void {
  if (serve === null) return;
  const weights = typeof serve === 'string' ? { [serve]: 1 } : serve;
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  for (const [variant, weight] of Object.entries(weights)) {
    if (weight > 0) shares.set(variant, (shares.get(variant) ?? 0) + (of * weight) / total);
  }
}
