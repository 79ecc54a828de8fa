import { endOfDay, parseMoment } from '../evaluation/check.js';
import type { Pointer, ProblemCode } from '../model/problem.js';
import { errorAt, type Issue, placed } from './issue.js';

/** A name and where it stands. */
export interface NamedPlace {
  readonly name: string;
  /** What a sentence says instead of the name, where not all who read it may know that. */
  readonly shown?: string;
  readonly at: Pointer;
}

/** An error for each name that stood before; `what` is the thing that it names. */
export function twice(places: Iterable<NamedPlace>, what: string, code: ProblemCode): Issue[] {
  const seen = new Set<string>();
  const issues: Issue[] = [];
  for (const { name, shown = name, at } of places) {
    if (seen.has(name)) issues.push(errorAt(at, code, placed(at, `${what} ${shown} stands twice`)));
    seen.add(name);
  }
  return issues;
}

/** An error where the text is of a moment's form, but no calendar has it. */
export function judgeMoment(value: string | number | undefined, at: Pointer): Issue[] {
  if (value === undefined || parseMoment(value) !== undefined) return [];
  return [
    errorAt(
      at,
      'INVALID_DATE',
      placed(at, `${value} is no moment of the calendar, such as 2026-01-15T10:00:00Z`),
    ),
  ];
}

/** An error where the text is of a day's form, but no calendar has it. */
export function judgeDay(day: string | undefined, at: Pointer): Issue[] {
  if (day === undefined || endOfDay(day) !== undefined) return [];
  return [errorAt(at, 'INVALID_DATE', placed(at, `${day} is no day of the calendar`))];
}
