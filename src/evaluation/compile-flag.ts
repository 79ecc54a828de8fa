import { environmentState } from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import type { Bucketer, CompiledEnvironment, CompiledFlag, Decide, Exceptions } from './compiled.js';
import type { Outcomes } from './outcome.js';
import { depthAbove, referencesOfState, resolve, type Scope } from './reference.js';
import { type Steps, stepsOf } from './steps.js';

/** What one flag in one environment is compiled from. */
export interface FlagInput {
  readonly flag: Flag;
  readonly environment: string;
  readonly exceptions: Exceptions | undefined;
  readonly outcomes: Outcomes;
  readonly scope: Scope;
  readonly home: CompiledEnvironment | undefined;
  readonly bucketer: Bucketer;
}

/** Makes the form of one flag that answers: only the steps that can decide are left. */
export function compileFlag(input: FlagInput): CompiledFlag {
  const { flag, environment, exceptions, outcomes, scope, home, bucketer } = input;
  const state = environmentState(flag.file, environment);
  const uses = resolve(referencesOfState(state), scope);
  const depth = depthAbove(uses);
  const made = stepsOf({ flag, state, exceptions, outcomes, scope, depth, bucketer });
  const { steps, otherwise } = reduce(made);
  const client = flag.file.client === true;
  return { key: flag.key, client, flag, steps, otherwise, exceptions, uses, depth, home };
}

/** Leaves out the steps that never decide; one that always does is the end. */
function reduce({ steps, otherwise }: Steps): Pick<CompiledFlag, 'steps' | 'otherwise'> {
  const decides: Decide[] = [];
  let end = otherwise;
  for (const { outcome } of steps) {
    if (typeof outcome === 'function') decides.push(outcome);
    else if (outcome !== undefined) {
      end = outcome;
      break;
    }
  }
  // A copy has room for no more than it holds; a list that grew has room for many.
  return { steps: decides.length === 0 ? NO_STEPS : decides.slice(), otherwise: end };
}

const NO_STEPS: readonly Decide[] = [];
