import { describeCode } from '../../files/checks/codes.js';
import { formatProblem, type Problem, type ProblemCode } from '../../model/problem.js';
import { count, type Report } from '../format.js';
import type { Suite, SuiteCase } from '../junit.js';
import { paint } from '../paint.js';
import { problemLine } from '../problem-line.js';

/** What `validate` found, and what it is told of. */
export interface Validated {
  /** By path, then line. */
  readonly problems: readonly Problem[];
  /** How many files were looked at. */
  readonly files: number;
  /** Their paths, in order. */
  readonly paths: readonly string[];
  /** The revision whose change is judged beside the files, as it was named. */
  readonly base: string | undefined;
  /** The revision whose problems are left out, as it was named. */
  readonly since: string | undefined;
  /** True where warnings count as errors do. */
  readonly isStrict: boolean;
}

/** What `validate` tells, for every format. */
export function validationReport(validated: Validated): Report {
  const { problems, files, base, since } = validated;
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  const numbers = `${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  return {
    lines: (place) =>
      problems.map((problem) => problemLine(problem, (text, color) => paint(text, color, place))),
    summary: `${count(files, 'file')} checked${aboutChange(validated)}: ${numbers}`,
    found: problems.map((problem) => ({ ...problem, title: problem.code })),
    describe: (code) => describeCode(code as ProblemCode),
    suites: () => suitesOf(validated),
    json: () => ({ files, base, since, errors, warnings, needsApproval: needsApproval(validated), problems }),
  };
}

function aboutChange({ base, since }: Validated): string {
  if (since !== undefined) return ` for what is new since ${since}`;
  return base === undefined ? '' : `, with the change since ${base}`;
}

/** Whether the change needs a second approver; undefined where only files were judged. */
function needsApproval({ problems, base, since }: Validated): boolean | undefined {
  if (base === undefined && since === undefined) return undefined;
  return problems.some((problem) => problem.needsApproval);
}

/** True where nothing stops a merge. */
export function isMergeable({ problems, isStrict }: Validated): boolean {
  return !problems.some((problem) => isStrict || problem.severity === 'error');
}

/** A suite for each file, with a case for each of its problems; one that passes where there is none. */
function suitesOf({ problems, paths, isStrict }: Validated): Suite[] {
  const byPath = new Map<string, Problem[]>(paths.map((path) => [path, []]));
  for (const problem of problems) {
    const known = byPath.get(problem.path);
    if (known === undefined) byPath.set(problem.path, [problem]);
    else known.push(problem);
  }
  return [...byPath].map(([path, ofPath]) => ({
    name: path,
    cases:
      ofPath.length === 0
        ? [{ name: 'is valid', file: path, line: 1 }]
        : ofPath.map((problem) => caseOf(problem, isStrict)),
  }));
}

function caseOf(problem: Problem, isStrict: boolean): SuiteCase {
  const { path, line, column, code, message, severity } = problem;
  const place = { name: `${line}:${column} ${code}`, file: path, line };
  const text = formatProblem(problem);
  return severity === 'error' || isStrict
    ? { ...place, failure: { type: code, message, text } }
    : { ...place, note: text };
}
