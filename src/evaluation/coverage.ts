import type { Flag } from '../model/snapshot.js';
import type { CompiledProject } from './compiled.js';

/** A place of a flag that decides answers, and that a test case may reach. */
export type DecidingPlace =
  | { readonly kind: 'rule'; readonly environment: string; readonly rule: string; readonly place: number }
  | {
      readonly kind: 'segment';
      readonly environment: string;
      readonly segment: string;
      readonly place: number;
    }
  | { readonly kind: 'serve'; readonly environment: string }
  /** An entry of the flag's overrides; `place` counts the entries of its file. */
  | { readonly kind: 'override'; readonly environment: string; readonly place: number };

/** Which places of a flag its test cases reach: those that decide the answer of some case. */
export interface FlagCoverage {
  readonly flag: Flag;
  /** Of the environments that the flag's file names. */
  readonly places: readonly CoveredPlace[];
}

/** A place, and how many cases it decides. */
export interface CoveredPlace {
  readonly at: DecidingPlace;
  readonly cases: number;
}

/** What the flag's test cases reach. `now` (epoch milliseconds) is the moment of cases that name none. */
export function coverageOf(_project: CompiledProject, flag: Flag, _now: number): FlagCoverage {
  return { flag, places: [] };
}
