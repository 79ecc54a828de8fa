import { formatProblem, type Problem } from '../model/problem.js';
import type { Color } from './paint.js';
import { shownLine } from './shown.js';

/** A problem in a line, with its severity in a colour where there are colours. */
export function problemLine(problem: Problem, paint: (text: string, color: Color) => string): string {
  const { severity, code } = problem;
  const color = severity === 'error' ? 'red' : 'yellow';
  return shownLine(formatProblem(problem)).replace(
    `: ${severity} ${code}: `,
    `: ${paint(severity, color)} ${code}: `,
  );
}
