import type { TestResult } from '../evaluation/run-tests.js';
import { formatProblem, hasErrors } from '../model/problem.js';
import { unreachable } from '../model/unreachable.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { flagsFolder } from './folder.js';
import { addFormat, type Format } from './format.js';
import { annotate } from './github.js';
import { loadFlags } from './load-flags.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';
import { type CaseRun, runAllCases } from './test/run-all.js';

interface Options extends CommonOptions {
  readonly format: Format;
}

/** `flagstaff test`: asks every flag what its tests file asks; ends with 1 where an answer is another one. */
export function addTest({ program, around, end }: CommandPlace): void {
  const command = addCommand(program, {
    usage: 'test',
    summary: 'run the cases of the tests/ files; ends with 1 where one fails',
    examples: ['test', 'test --repo ../demo --format github'],
  });
  addFormat(command).action(async (options: Options) => {
    if (!(await test(options, around))) end(1);
  });
}

/** True where every case passed and every file could be read: the cases of a broken file cannot pass. */
async function test(options: Options, around: Surroundings): Promise<boolean> {
  const folder = flagsFolder(options.repo, around);
  const now = around.now();
  const { orgs, problems } = await loadFlags(folder, now);
  const errors = problems.filter((problem) => problem.severity === 'error');
  for (const problem of errors) around.warn(shownLine(formatProblem(problem)));
  const cases = runAllCases({ folder, orgs, now });
  const failures = cases.filter((one) => !one.result.passed);
  show({ cases, failures, folder, format: options.format, around });
  return failures.length === 0 && !hasErrors(problems);
}

interface Shown {
  readonly cases: readonly CaseRun[];
  readonly failures: readonly CaseRun[];
  readonly folder: string;
  readonly format: Format;
  readonly around: Surroundings;
}

function show({ cases, failures, folder, format, around }: Shown): void {
  const summary = `${cases.length - failures.length} passed, ${failures.length} failed`;
  switch (format) {
    case 'text':
      for (const failure of failures) around.print(failureText(failure));
      around.print(summary);
      break;
    case 'json':
      around.print(JSON.stringify(report(cases, failures), undefined, 2));
      break;
    case 'github':
      annotate(failures.map(annotation), folder, around);
      around.print(summary);
      break;
    default:
      unreachable(format);
  }
}

function failureText(failure: CaseRun): string {
  const { path, line, column, flag, result } = failure;
  const title = `${path}:${line}:${column}: ${flag}: ${result.test.name} (${result.environment})`;
  return [title, ...differenceLines(result).map((text) => `  ${text}`)].join('\n');
}

/** A line for each part of the answer that should be another one. */
function differenceLines({ differences, expected, got }: TestResult): string[] {
  return differences.map((part) => `${part}: expected ${value(expected[part])}, got ${value(got?.[part])}`);
}

function value(part: unknown): string {
  return part === undefined ? 'none' : JSON.stringify(part);
}

function annotation(failure: CaseRun) {
  const { path, line, column, flag, result } = failure;
  const message = [result.test.name, ...differenceLines(result)].join('\n');
  return {
    severity: 'error' as const,
    path,
    line,
    column,
    title: `${flag} in ${result.environment}`,
    message,
  };
}

function report(cases: readonly CaseRun[], failures: readonly CaseRun[]) {
  return {
    passed: cases.length - failures.length,
    failed: failures.length,
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
  };
}
