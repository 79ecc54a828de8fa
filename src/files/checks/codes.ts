import type { Level } from '../../model/config.js';
import type { CheckCode, ProblemCode } from '../../model/problem.js';
import { CHECKS } from './check-facts.js';
import { ERRORS } from './error-facts.js';

/** What a report may tell: a problem of a file, or a case of a test that fails. */
export type ToldCode = ProblemCode | 'TEST_FAILED';

/** What there is to say of a code, whatever file it is found in. */
export interface CodeFacts {
  readonly code: ToldCode;
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

/** Every code of a problem, those that make a file unservable first. */
export const ALL_CODES: readonly ProblemCode[] = [...keysOf(ERRORS), ...keysOf(CHECKS)];

/** Every code that is told of anything. */
export const TOLD_CODES: readonly ToldCode[] = [...ALL_CODES, 'TEST_FAILED'];

const TEST_FAILED: WrittenFacts = {
  summary: 'A flag does not answer what its test expects.',
  fix: 'Correct the flag, or the case in its file under tests/ where the new answer is meant.',
};

/** What a code means and what to do about it. */
export function describeCode(code: ToldCode): CodeFacts {
  if (code === 'TEST_FAILED') return { code, isSettable: false, level: 'error', ...TEST_FAILED };
  return isCheckCode(code)
    ? { code, isSettable: true, ...CHECKS[code] }
    : { code, isSettable: false, level: 'error', ...ERRORS[code] };
}

/** True for the codes that have a level of the repository's choice. */
export function isCheckCode(code: ToldCode): code is CheckCode {
  return Object.hasOwn(CHECKS, code);
}

function keysOf<Code extends ProblemCode>(facts: Readonly<Record<Code, unknown>>): readonly Code[] {
  // The compiler does not see that the keys of a record are those of its type.
  return Object.keys(facts) as Code[];
}
