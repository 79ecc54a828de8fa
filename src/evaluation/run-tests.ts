import { isDeepStrictEqual } from 'node:util';
import type { Reason } from '../model/evaluation.js';
import { environmentState } from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import type { Expectation, TestCase } from '../model/test-case.js';
import type { JsonValue } from '../model/values.js';
import { compileFlag } from './compile-flag.js';
import type { CompiledEnvironment, CompiledFlag, CompiledProject, Exceptions } from './compiled.js';
import { type Explanation, explainFlag } from './explain.js';
import { parseMoment } from './moment.js';
import { outcomesOf } from './outcome.js';
import { exceptionsOf } from './override.js';
import type { StepTrace } from './trace.js';

/** How one case of a flag's tests went. */
export interface TestResult {
  readonly test: TestCase;
  /** The environment it ran in. */
  readonly environment: string;
  readonly passed: boolean;
  readonly expected: Expectation;
  /** The answer, in the words of an expectation; undefined where the project has no such flag or environment. */
  readonly got: TestAnswer | undefined;
  /** The parts of the expectation that are not so. */
  readonly differences: readonly (keyof Expectation)[];
}

/** What a flag answered, in the words in which a test expects it. */
export interface TestAnswer {
  /** Null where the caller's own default holds. */
  readonly variant: string | null;
  /** Undefined where the caller's own default holds. */
  readonly value: JsonValue | undefined;
  readonly reason: Reason;
  /** The rule, attached segment or name in an override that decided; null where none did. */
  readonly rule: string | null;
  readonly segment: string | null;
  readonly override: string | null;
}

/**
 * Runs the flag's test cases. They judge targeting, not state: `enabled` is true and `killed` false unless the case sets
 * them. Other flags, such as required ones, keep the state that their files give them. `now` (epoch milliseconds) is the
 * moment of the cases that name none.
 */
export function runTests(project: CompiledProject, flag: Flag, now: number): TestResult[] {
  return flag.tests.map((test) => {
    const key = test.environment ?? project.project.defaultEnvironment;
    const environment = project.environments.get(key);
    const got = environment && answerTest(environment, flag, test, now);
    const differences = differencesOf(test.expect, got);
    return {
      test,
      environment: key,
      passed: differences.length === 0,
      expected: test.expect,
      got,
      differences,
    };
  });
}

function answerTest(
  environment: CompiledEnvironment,
  flag: Flag,
  test: TestCase,
  now: number,
): TestAnswer | undefined {
  const { evaluation, steps } = explainTest(environment, flag, test, now);
  if (evaluation.kind === 'missing') return undefined;
  const { reason } = evaluation;
  const value = evaluation.kind === 'value' ? evaluation.value : undefined;
  const variant = evaluation.kind === 'value' ? evaluation.variant : null;
  return { variant, value, reason, ...deciderOf(steps.find((step) => step.decided)) };
}

/** Why the flag answers a case as it does. `now` is the moment of a case that names none. */
export function explainTest(
  environment: CompiledEnvironment,
  flag: Flag,
  test: TestCase,
  now: number,
): Explanation {
  const moment = test.now === undefined ? now : (parseMoment(test.now) ?? now);
  return explainFlag(environment, adjust(environment, flag, test), test.context ?? {}, moment);
}

/** The flag in the state that the case asks for. */
function adjust(environment: CompiledEnvironment, flag: Flag, test: TestCase): CompiledFlag {
  const { enabled = true, killed = false } = test;
  const state = { ...environmentState(flag.file, environment.key), enabled, killed };
  const file = { ...flag.file, environments: { ...flag.file.environments, [environment.key]: state } };
  const changed: Flag = { ...flag, file };
  const home = environment.flags.get(flag.key)?.home;
  return compileFlag({
    flag: changed,
    environment: environment.key,
    exceptions: exceptionsIn(environment, flag),
    outcomes: outcomesOf(changed),
    scope: home ?? environment,
    home,
    bucketer: environment.bucketer,
  });
}

/** Those of the compiled flag: the state changes nothing about them, and there may be thousands for each of many cases. */
function exceptionsIn(environment: CompiledEnvironment, { key, overrides }: Flag): Exceptions | undefined {
  const compiled = environment.flags.get(key);
  return compiled?.flag.overrides === overrides
    ? compiled.exceptions
    : exceptionsOf(overrides)(environment.key);
}

/** What decided, from the trace: the flag's own metadata may hold facts of the same names. */
function deciderOf(step: StepTrace | undefined): Pick<TestAnswer, 'rule' | 'segment' | 'override'> {
  return {
    rule: step?.step === 'rule' ? step.rule : null,
    segment: step?.step === 'segment' ? step.segment : null,
    override: step?.step === 'override' ? (step.entry?.name ?? null) : null,
  };
}

function differencesOf(expected: Expectation, got: TestAnswer | undefined): (keyof Expectation)[] {
  const parts = Object.keys(expected) as (keyof Expectation)[];
  return parts.filter((part) => got === undefined || !isDeepStrictEqual(expected[part], got[part]));
}
