import type { TestResult } from '../../evaluation/run-tests.js';
import { describeCode, type ToldCode } from '../../files/checks/codes.js';
import { formatProblem, type Problem } from '../../model/problem.js';
import { count, type Report } from '../format.js';
import type { Found } from '../found.js';
import type { Suite, SuiteCase } from '../junit.js';
import { type PaintPlace, PLAIN, paint } from '../paint.js';
import { shownLine } from '../shown.js';
import { type CoveredFlag, coverageFound, coverageJson, coverageLines, coverageSummary } from './coverage.js';
import type { CaseRun } from './run-all.js';

/** What `test` found. */
export interface Tested {
  readonly cases: readonly CaseRun[];
  readonly failures: readonly CaseRun[];
  /** Of files that cannot be read: their cases cannot pass. */
  readonly errors: readonly Problem[];
  /** The revision whose failures are left out, and how many those are. */
  readonly since: { readonly revision: string; readonly failing: number } | undefined;
  /** What the cases reach; undefined where nobody asked. */
  readonly coverage: readonly CoveredFlag[] | undefined;
}

const FAILED_CODE = 'TEST_FAILED';

/** What `test` tells, for every format. */
export function testReport(tested: Tested): Report {
  const { failures, errors, coverage = [] } = tested;
  return {
    lines: (place) => [...failures.map((failure) => failureText(failure, place)), ...coverageLines(coverage)],
    summary: summaryOf(tested),
    found: [
      ...errors.map((problem) => ({ ...problem, title: problem.code })),
      ...failures.map(foundOf),
      ...coverageFound(coverage),
    ],
    describe: (code) => describeCode(code as ToldCode),
    suites: () => suitesOf(tested),
    json: () => jsonOf(tested),
  };
}

/** True where every case passed and every file could be read. */
export function isPassed({ failures, errors }: Tested): boolean {
  return failures.length + errors.length === 0;
}

function summaryOf({ cases, failures, errors, since, coverage }: Tested): string {
  const known = since === undefined ? 0 : since.failing;
  const broken = errors.length === 0 ? '' : `, ${count(errors.length, 'error')} in files`;
  const passed = `${cases.length - failures.length - known} passed, ${failures.length} failed${broken}`;
  const old =
    since === undefined ? '' : `${known === 0 ? '' : `, ${known} failed already`} since ${since.revision}`;
  return coverage === undefined ? passed + old : `${passed}${old}; ${coverageSummary(coverage)}`;
}

function failureText(failure: CaseRun, place: PaintPlace = PLAIN): string {
  const { path, line, column, flag, result } = failure;
  const title = `${path}:${line}:${column}: ${flag}: ${result.test.name} (${result.environment})`;
  return [paint(shownLine(title), 'red', place), ...differenceLines(result).map((text) => `  ${text}`)].join(
    '\n',
  );
}

/** A line for each part of the answer that should be another one. */
function differenceLines({ differences, expected, got }: TestResult): string[] {
  return differences.map((part) => `${part}: expected ${value(expected[part])}, got ${value(got?.[part])}`);
}

function value(part: unknown): string {
  return part === undefined ? 'none' : JSON.stringify(part);
}

function foundOf({ path, line, column, flag, result }: CaseRun): Found {
  const message = [result.test.name, ...differenceLines(result)].join('\n');
  const title = `${flag} in ${result.environment}`;
  return { severity: 'error', code: FAILED_CODE, path, line, column, title, message };
}

/** A suite for each flag, in the order of the cases, and one for each file that cannot be read. */
function suitesOf({ cases, failures, errors }: Tested): Suite[] {
  const failed = new Set(failures);
  const byName = new Map<string, SuiteCase[]>();
  const add = (name: string, one: SuiteCase): void => {
    byName.set(name, [...(byName.get(name) ?? []), one]);
  };
  for (const problem of errors) {
    const { path, line, code, message } = problem;
    const failure = { type: code, message, text: formatProblem(problem) };
    add(path, { name: `line ${line}: ${code}`, file: path, line, failure });
  }
  for (const one of cases) add(one.flag, caseOf(one, failed.has(one)));
  return [...byName].map(([name, ofName]) => ({ name, cases: ofName }));
}

function caseOf(one: CaseRun, isFailed: boolean): SuiteCase {
  const { result, path, line } = one;
  const place = { name: `${result.test.name} (${result.environment})`, file: path, line };
  if (result.passed) return place;
  if (!isFailed) return { ...place, note: `failed already:\n${failureText(one)}` };
  const message = differenceLines(result).join('; ');
  return { ...place, failure: { type: FAILED_CODE, message, text: failureText(one) } };
}

function jsonOf({ cases, failures, errors, since, coverage }: Tested) {
  const known = since?.failing ?? 0;
  return {
    passed: cases.length - failures.length - known,
    failed: failures.length,
    ...(since === undefined ? {} : { since: since.revision, failedAlready: known }),
    ...(errors.length === 0 ? {} : { errors }),
    cases: cases.map(({ flag, path, line, result }) => ({
      flag,
      name: result.test.name,
      environment: result.environment,
      path,
      line,
      passed: result.passed,
      expected: result.expected,
      got: result.got ?? null,
    })),
    ...(coverage === undefined ? {} : { coverage: coverageJson(coverage) }),
  };
}

/** Lines for standard error: why cases of these files are not there. */
export function errorLines({ errors }: Tested): readonly string[] {
  return errors.map((problem) => shownLine(formatProblem(problem)));
}
