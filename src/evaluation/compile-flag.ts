import { environmentState } from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import type { Bucketer, CompiledEnvironment, CompiledFlag, Decide } from './compiled.js';
import { type Outcomes, outcomesOf } from './outcome.js';
import { type Exceptions, exceptionsOf } from './override.js';
import { depthAbove, referencesOfState, resolve, type Scope } from './reference.js';
import { type Steps, stepsOf } from './steps.js';

/** What one flag in one environment is compiled from. */
export interface FlagInput {
  readonly flag: Flag;
  readonly environment: string;
  readonly scope: Scope;
  readonly home: CompiledEnvironment | undefined;
  readonly bucketer: Bucketer;
  readonly material: Material;
}

/** What the environments of one flag share. */
export interface Material {
  readonly outcomes: Outcomes;
  readonly exceptions: (environment: string) => Exceptions | undefined;
}

/** Makes what the environments of one flag share. */
export function materialOf(flag: Flag): Material {
  return { outcomes: outcomesOf(flag), exceptions: exceptionsOf(flag.overrides) };
}

/** Makes the form of one flag that answers: only the steps that can decide are left. */
export function compileFlag(input: FlagInput): CompiledFlag {
  const { flag, scope } = input;
  const uses = resolve(referencesOfState(environmentState(flag.file, input.environment)), scope);
  return {
    key: flag.key,
    client: flag.file.client === true,
    flag,
    ...reduce(traceableSteps(input)),
    uses,
    depth: depthAbove(uses),
    home: input.home,
  };
}

/** All steps of the flag, those that never decide among them: what `explain` walks. */
export function traceableSteps(input: Omit<FlagInput, 'home'>): Steps {
  const { flag, environment, scope, bucketer, material } = input;
  const state = environmentState(flag.file, environment);
  const exceptions = material.exceptions(environment);
  return stepsOf({ flag, state, exceptions, scope, bucketer, outcomes: material.outcomes });
}

/** Leaves out the steps that never decide; one that always does is the end. */
function reduce({ steps, otherwise }: Steps): Pick<CompiledFlag, 'steps' | 'otherwise'> {
  const decides: Decide[] = [];
  for (const { outcome } of steps) {
    if (typeof outcome === 'function') decides.push(outcome);
    else if (outcome !== undefined) return { steps: decides, otherwise: outcome };
  }
  return { steps: decides.length === 0 ? NO_STEPS : decides, otherwise };
}

const NO_STEPS: readonly Decide[] = [];
