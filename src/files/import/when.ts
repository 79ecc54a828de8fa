import type { Clause } from '../../model/clause.js';

/** The `when` of a rule or a segment that the condition makes; none where it is true of everyone. */
export function whenOf(condition: Clause | true): { readonly when?: readonly Clause[] } {
  return condition === true ? {} : { when: together(condition) };
}

/** All clauses of a `when` must hold, so `all` among them says nothing of its own. */
export function together(clause: Clause): readonly Clause[] {
  return 'all' in clause ? clause.all.flatMap(together) : [clause];
}
