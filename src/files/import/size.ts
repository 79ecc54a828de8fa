import type { Clause } from '../../model/clause.js';

/** A flag's file may have 64 KiB, and each clause takes more than a dozen bytes of it. */
const MOST_CLAUSES = 5000;
/** Each level of a file is indented further, so that deeper ones do not fit into a flag's file either. */
const DEEPEST = 200;

/** Why the clauses are too many for any file, or undefined: found before the work on them grows with what they repeat. */
export function tooMuch(clauses: readonly Clause[]): string | undefined {
  let level = clauses;
  let count = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    count += level.length;
    if (count > MOST_CLAUSES)
      return `it needs more than ${MOST_CLAUSES} clauses, and no file of a flag has as many`;
    if (depth === DEEPEST) return `it is nested more than ${DEEPEST} deep, and no file of a flag is`;
    level = level.flatMap(clausesBelow);
  }
  return undefined;
}

function clausesBelow(clause: Clause): readonly Clause[] {
  if ('all' in clause) return clause.all;
  if ('any' in clause) return clause.any;
  return 'not' in clause ? [clause.not] : [];
}
