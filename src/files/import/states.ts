import type { EnvironmentState, EnvironmentStates } from '../../model/flag.js';

/** The same state in each of the environments. */
export function eachState(environments: readonly string[], state: EnvironmentState): EnvironmentStates {
  return Object.fromEntries(environments.map((environment) => [environment, state]));
}
