import type { Level } from '../../model/config.js';
import type { CheckCode, ProblemCode } from '../../model/problem.js';
import { CHECKS } from './check-facts.js';
import { ERRORS } from './error-facts.js';

/** What there is to say of a code, whatever file it is found in. */
export interface CodeFacts {
  readonly code: ProblemCode;
  /** What is wrong, in one sentence. */
  readonly summary: string;
  /** What to do about it, in one or two sentences. */
  readonly fix: string;
  /** True where `checks` of `.flagstaff.yaml` may give it another level. */
  readonly isSettable: boolean;
  /** The level where nothing is set. */
  readonly level: Level;
}

/** What is written down of a code. */
export interface WrittenFacts {
  readonly summary: string;
  readonly fix: string;
}

/** Every code, those that make a file unservable first. */
export const ALL_CODES: readonly ProblemCode[] = [...keysOf(ERRORS), ...keysOf(CHECKS)];

/** What a code means and what to do about it. */
export function describeCode(code: ProblemCode): CodeFacts {
  return isCheckCode(code)
    ? { code, isSettable: true, ...CHECKS[code] }
    : { code, isSettable: false, level: 'error', ...ERRORS[code] };
}

/** True for the codes that have a level of the repository's choice. */
export function isCheckCode(code: ProblemCode): code is CheckCode {
  return Object.hasOwn(CHECKS, code);
}

function keysOf<Code extends ProblemCode>(facts: Readonly<Record<Code, unknown>>): readonly Code[] {
  // The compiler does not see that the keys of a record are those of its type.
  return Object.keys(facts) as Code[];
}
