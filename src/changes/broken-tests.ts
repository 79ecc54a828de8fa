import { isDeepStrictEqual } from 'node:util';
import { compileNow } from '../evaluation/compile.js';
import type { CompiledProject } from '../evaluation/compiled.js';
import { runTests, type TestResult } from '../evaluation/run-tests.js';
import { type EnvironmentState, environmentState } from '../model/flag.js';
import type { Flag, ProjectSnapshot } from '../model/snapshot.js';
import { affectedFlags } from './affected-flags.js';

/** A test case that passed and would fail, or that is new and fails. */
export interface BrokenTest {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
  readonly name: string;
  /** What was wanted and what would come, of the parts that differ. */
  readonly expected: Readonly<Record<string, unknown>>;
  readonly got: Readonly<Record<string, unknown>>;
}

/** The projects of an organization, by key, as they are and as they would become. */
export interface Becoming {
  /** Undefined where nothing was served. */
  readonly before: ReadonlyMap<string, CompiledProject> | undefined;
  readonly after: ReadonlyMap<string, CompiledProject>;
  /** The clock, in epoch milliseconds: when cases ask that name no moment. */
  readonly now: number;
}

/**
 * The test cases that newly fail. A case counts where the same one (equal in all that it says) did not fail before, and
 * where it fails whatever is switched on, off or killed by the way: tests judge targeting, not state. Only flags whose
 * answers or cases changed are run.
 */
export function brokenTests({ before, after, now }: Becoming): readonly BrokenTest[] {
  return [...after].flatMap(([key, project]) => brokenInProject(before?.get(key), project, now));
}

function brokenInProject(
  before: CompiledProject | undefined,
  after: CompiledProject,
  now: number,
): readonly BrokenTest[] {
  const failing = affectedFlags(before?.project, after.project)
    .map((flag) => ({ flag, results: newlyFailing({ before, after, flag, now }) }))
    .filter(({ results }) => results.length > 0);
  const still = failing.length === 0 || before === undefined ? undefined : withStatesOf(before, after);
  return failing.flatMap(({ flag, results }) =>
    results
      .filter((result) => still === undefined || failsIn(still, flag, result, now))
      .map((result) => brokenTest(after.project, flag, result)),
  );
}

function newlyFailing({
  before,
  after,
  flag,
  now,
}: {
  readonly before: CompiledProject | undefined;
  readonly after: CompiledProject;
  readonly flag: Flag;
  readonly now: number;
}): readonly TestResult[] {
  const failing = runTests(after, flag, now).filter(({ passed }) => !passed);
  const old = failing.length === 0 ? undefined : before?.project.flags.get(flag.key);
  if (before === undefined || old === undefined) return failing;
  const known = runTests(before, old, now).filter(({ passed }) => !passed);
  return failing.filter(({ test }) => !known.some((other) => isDeepStrictEqual(other.test, test)));
}

/** The project as it would become, with every switch as it is; undefined where none would be another. */
function withStatesOf(before: CompiledProject, after: CompiledProject): CompiledProject | undefined {
  let isOther = false;
  const flags = new Map(after.project.flags);
  for (const [key, flag] of flags) {
    const old = before.project.flags.get(key);
    const switched = old === undefined || old === flag ? flag : withSwitchesOf(old, flag);
    if (switched === flag) continue;
    isOther = true;
    flags.set(key, switched);
  }
  return isOther ? compileNow({ ...after.project, flags }, { previous: after }) : undefined;
}

function withSwitchesOf(old: Flag, flag: Flag): Flag {
  const states = Object.entries(flag.file.environments).map(([environment, state]) => {
    const { enabled, killed } = environmentState(old.file, environment);
    const isSame = state.enabled === enabled && (state.killed ?? false) === (killed ?? false);
    const switched: EnvironmentState = isSame ? state : { ...state, enabled, killed: killed ?? false };
    return [environment, switched] as const;
  });
  if (states.every(([environment, state]) => flag.file.environments[environment] === state)) return flag;
  return { ...flag, file: { ...flag.file, environments: Object.fromEntries(states) } };
}

function failsIn(project: CompiledProject, { key }: Flag, { test }: TestResult, now: number): boolean {
  const flag = project.project.flags.get(key);
  return (
    flag !== undefined && runTests(project, { ...flag, tests: [test] }, now).some(({ passed }) => !passed)
  );
}

function brokenTest(project: ProjectSnapshot, flag: Flag, result: TestResult): BrokenTest {
  const { environment, test, expected, got, differences } = result;
  return {
    project: project.key,
    flag: flag.key,
    environment,
    name: test.name,
    expected: Object.fromEntries(differences.map((part) => [part, expected[part]])),
    got: Object.fromEntries(differences.map((part) => [part, got?.[part]])),
  };
}
