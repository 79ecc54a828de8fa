import { isSame } from '../../changes/difference/same.js';
import type { Clause } from '../../model/clause.js';

/**
 * The clauses as their author wrote them, where they are there already: the order of fields in a clause means nothing, so
 * it is no reason to write its line again.
 */
export function asWritten(
  wanted: readonly Clause[] | undefined,
  current: readonly Clause[] | undefined,
): readonly Clause[] | undefined {
  const known = (current ?? []).flatMap(withInner);
  return wanted?.map((clause) => writtenClause(clause, known));
}

function writtenClause(clause: Clause, known: readonly Clause[]): Clause {
  const same = known.find((each) => isSame(each, clause));
  if (same !== undefined) return same;
  if ('all' in clause) return { all: clause.all.map((each) => writtenClause(each, known)) };
  if ('any' in clause) return { any: clause.any.map((each) => writtenClause(each, known)) };
  return clause;
}

/** A clause and those in it. */
function withInner(clause: Clause): readonly Clause[] {
  if ('all' in clause) return [clause, ...clause.all.flatMap(withInner)];
  if ('any' in clause) return [clause, ...clause.any.flatMap(withInner)];
  return [clause];
}
