import { sentencesOf } from '../../changes/difference-files.js';
import { formatProblem, type Problem } from '../../model/problem.js';
import { count } from '../format.js';
import { paint } from '../paint.js';
import { groupedLines } from '../past/heading.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { testReport } from '../test/report.js';
import type { CaseRun } from '../test/run-all.js';
import type { Checked } from './check.js';

/** How checks are printed: for people, for an editor that reads what is wrong from the lines, or for programs. */
export type ReportFormat = 'text' | 'editor' | 'json';

/** A check, and when it was: local time for people, RFC 3339 for programs. */
export interface Moment {
  readonly checked: Checked;
  readonly isFirst: boolean;
  /** What the files are compared with, in people's words. */
  readonly base: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** So many digits of a commit's id tell it from the others. */
const SHORT = 10;

/** Prints one check. */
export function printCheck(moment: Moment, format: ReportFormat, around: Surroundings): void {
  if (format === 'json') around.print(JSON.stringify(checkJson(moment)));
  else for (const line of checkLines(moment, format, around)) around.print(line);
}

/**
 * For people one line says it all, and what is new is below it. An editor takes away what it underlined at `checking`,
 * so all that is wrong follows, up to the line with the time.
 */
function checkLines(moment: Moment, format: 'text' | 'editor', around: Surroundings): readonly string[] {
  const { checked, isFirst } = moment;
  const headline = headlineOf(moment, around);
  const sentences = isInHeadline(checked) ? [] : groupedLines(checked.differences).map((line) => `  ${line}`);
  if (format === 'editor') {
    const wrong = [...checked.problems.map(formatProblem), ...checked.failures.map(failureLine)];
    return ['checking', ...wrong.map(shownLine), headline, ...sentences];
  }
  const problems = isFirst ? checked.problems : checked.newProblems;
  const failures = checked.cases.flatMap((one) => (one.result.passed ? [] : [failureLine(one)]));
  return [headline, ...sentences, ...[...problems.map(formatProblem), ...failures].map(shownLine)];
}

/** `14:03:12 ok: new-checkout: production: rollout of canary 5 % → 20 %; 4 tests passed`. */
function headlineOf({ checked, isFirst, base, now }: Moment, around: Surroundings): string {
  const word = isSound(checked) ? paint('ok', 'green', around) : paint('broken', 'red', around);
  const what = isFirst ? `${count(checked.files, 'file')} checked` : changeText(checked, base);
  return `${paint(timeOf(now), 'dim', around)} ${word}: ${[what, ...verdict(checked)].join('; ')}`;
}

function changeText(checked: Checked, base: string): string {
  const { differences, commit, isOtherCommit } = checked;
  if (differences.length === 0) {
    const isCompared = commit !== undefined && isOtherCommit;
    return isCompared ? `compared with ${base}, ${commit.slice(0, SHORT)}` : 'nothing means anything else';
  }
  return isInHeadline(checked)
    ? shownLine(
        groupedLines(differences)
          .map((line) => line.trim())
          .join(': '),
      )
    : count(differences.length, 'change');
}

/** One difference, with the name of what it is about, fits into the line. */
function isInHeadline({ differences }: Checked): boolean {
  return differences.length === 1;
}

function verdict({ problems, cases, failures }: Checked): readonly string[] {
  const errors = countOf(problems, 'error');
  const warnings = countOf(problems, 'warning');
  const failed = cases.filter(({ result }) => !result.passed).length;
  const others = failures.length - failed;
  return [
    ...(errors + warnings === 0 ? [] : [`${count(errors, 'error')}, ${count(warnings, 'warning')}`]),
    ...(cases.length === 0 ? [] : [testsText(cases.length, failed)]),
    ...(others === 0 ? [] : [`${count(others, 'test')} still ${others === 1 ? 'fails' : 'fail'}`]),
  ];
}

function testsText(run: number, failed: number): string {
  return failed === 0 ? `${count(run, 'test')} passed` : `${failed} of ${count(run, 'test')} failed`;
}

function countOf(problems: readonly Problem[], severity: Problem['severity']): number {
  return problems.filter((problem) => problem.severity === severity).length;
}

function isSound({ problems, failures }: Checked): boolean {
  return countOf(problems, 'error') + failures.length === 0;
}

/** A case in the form in which problems are printed. */
function failureLine(failure: CaseRun): string {
  const [found] = reportOf([failure]).found;
  if (found === undefined) throw new Error(`no finding for ${failure.result.test.name}`);
  const { path, line, column, code, title, message } = found;
  return `${path}:${line}:${column}: error ${code}: ${title}: ${message.replaceAll('\n', '; ')}`;
}

function reportOf(failures: readonly CaseRun[]) {
  return testReport({ cases: failures, failures, errors: [], since: undefined, coverage: undefined });
}

function timeOf(now: number): string {
  const date = new Date(now);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

function checkJson({ checked, now }: Moment): object {
  const { files, commit, differences, problems, cases, failures } = checked;
  return {
    event: 'checked',
    at: new Date(now).toISOString(),
    ok: isSound(checked),
    files,
    base: commit ?? null,
    changes: differences,
    sentences: sentencesOf(differences),
    problems,
    tests: { run: cases.length, failing: failures.length },
    failures: failures.map(({ flag, path, line, column, result }) => ({
      ...{ flag, path, line, column },
      name: result.test.name,
      environment: result.environment,
      expected: result.expected,
      got: result.got ?? null,
    })),
  };
}
