import type { AttributeClause, Clause, FlagClause, SegmentClause } from '../model/clause.js';
import { unreachable } from '../model/unreachable.js';

/** A clause that holds no other. */
export type LeafClause = AttributeClause | SegmentClause | FlagClause;

/** Keys and list places, from wherever the walk began. */
export type Way = (string | number)[];

/**
 * Visits the clauses that hold no other, in file order. `way` is extended to the clause that is visited and is what it
 * was in the end: who wants to keep it copies it.
 */
export function visitLeaves(
  clauses: readonly Clause[],
  way: Way,
  visit: (clause: LeafClause, way: Way) => void,
): void {
  for (let place = 0; place < clauses.length; place += 1) {
    const clause = clauses[place];
    way.push(place);
    if (clause !== undefined) visitClause(clause, way, visit);
    way.pop();
  }
}

function visitClause(clause: Clause, way: Way, visit: (clause: LeafClause, way: Way) => void): void {
  if ('attribute' in clause || 'segment' in clause || 'flag' in clause) {
    visit(clause, way);
  } else if ('all' in clause) {
    way.push('all');
    visitLeaves(clause.all, way, visit);
    way.pop();
  } else if ('any' in clause) {
    way.push('any');
    visitLeaves(clause.any, way, visit);
    way.pop();
  } else if ('not' in clause) {
    way.push('not');
    visitClause(clause.not, way, visit);
    way.pop();
  } else {
    unreachable(clause);
  }
}
