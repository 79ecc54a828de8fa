import type { Reason } from '../model/evaluation.js';
import type { Flag } from '../model/snapshot.js';
import type { Expectation, TestCase } from '../model/test-case.js';
import type { JsonValue } from '../model/values.js';
import type { CompiledProject } from './compiled.js';

/** How one case of a flag's tests went. */
export interface TestResult {
  readonly test: TestCase;
  /** The environment it ran in. */
  readonly environment: string;
  readonly passed: boolean;
  /** The answer, in the words of an expectation; null where there is none. */
  readonly got: TestAnswer;
  /** The parts of the expectation that are not so. */
  readonly differences: readonly (keyof Expectation)[];
}

/** What a flag answered, in the words in which a test expects it. */
export interface TestAnswer {
  readonly variant: string | null;
  /** Undefined where the caller's own default holds. */
  readonly value: JsonValue | undefined;
  readonly reason: Reason;
  readonly rule: string | null;
  readonly segment: string | null;
  readonly override: string | null;
}

/** Runs the flag's test cases. They judge targeting, not state: `enabled` is true and `killed` false unless the case sets them. */
export function runTests(_project: CompiledProject, _flag: Flag, _now: number): TestResult[] {
  throw new Error('not yet');
}
