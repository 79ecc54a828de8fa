import type { Clause } from '../../model/clause.js';
import { unreachable } from '../../model/unreachable.js';
import type { Refuse } from './inexpressible.js';
import { allOf, anyOf, isSame, type Logic, not } from './logic.js';
import { attributeLogic } from './operator-logic.js';

/** What the logic of clauses is made with. */
export interface ClauseWriting {
  readonly refuse: Refuse;
  /** The logic that the caller is a member of the segment. */
  readonly membership: (segmentKey: string) => Logic;
  /** The logic of the variant that the flag gives; null where it gives none. */
  readonly answer: (flagKey: string) => Logic;
}

/** The logic that all the clauses hold. */
export function clausesLogic(clauses: readonly Clause[], writing: ClauseWriting): Logic {
  return allOf(clauses.map((clause) => clauseLogic(clause, writing)));
}

/** The logic that the flag's answer is this variant. */
export function answerLogic(flagKey: string, variant: string, writing: ClauseWriting): Logic {
  const answer = writing.answer(flagKey);
  return typeof answer === 'object' && answer !== null ? isSame(answer, variant) : answer === variant;
}

function clauseLogic(clause: Clause, writing: ClauseWriting): Logic {
  if ('attribute' in clause) return attributeLogic(clause, writing.refuse);
  if ('segment' in clause) return writing.membership(clause.segment);
  if ('flag' in clause) return answerLogic(clause.flag, clause.variant ?? 'on', writing);
  if ('all' in clause) return clausesLogic(clause.all, writing);
  if ('any' in clause) return anyOf(clause.any.map((one) => clauseLogic(one, writing)));
  if ('not' in clause) return not(clauseLogic(clause.not, writing));
  return unreachable(clause);
}
