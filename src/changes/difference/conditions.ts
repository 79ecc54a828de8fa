import type { Clause } from '../../model/clause.js';
import { clauseIdentity, clausesIdentity } from './clause-meaning.js';
import { clausesText } from './clause-text.js';
import type { Versions } from './part-difference.js';
import { isSame } from './same.js';
import { arrow, cut } from './words.js';

/** How long conditions may be in a sentence, in UTF-16 units. */
const CONDITIONS_LIMIT = 160;

/** What is said where there are no conditions before or after: for whom the thing is then. */
export interface WithoutConditions {
  /** Begins a sentence that the first conditions end. */
  readonly first: string;
  /** The sentence, where the conditions are gone. */
  readonly gone: string;
}

/** Conditions in words, cut. */
export function conditionsText(when: readonly Clause[]): string {
  return cut(clausesText(when), CONDITIONS_LIMIT);
}

/** How the conditions changed, in words; undefined where they mean the same. */
export function conditionsChange(
  { before, after }: Versions<readonly Clause[] | undefined>,
  without: WithoutConditions,
): string | undefined {
  if (isSame(before, after)) return undefined;
  if (before === undefined) return after && `${without.first} ${conditionsText(after)}`;
  if (after === undefined) return `${without.gone} (was ${conditionsText(before)})`;
  if (clausesIdentity(before) === clausesIdentity(after)) return undefined;
  return clausesChange(clausesBut(before, after), clausesBut(after, before));
}

function clausesChange(gone: readonly Clause[], fresh: readonly Clause[]): string {
  if (gone.length === 0) return `${conditionWord(fresh)} ${conditionsText(fresh)} added`;
  if (fresh.length === 0) return `${conditionWord(gone)} ${conditionsText(gone)} removed`;
  return arrow(clausesText(gone), clausesText(fresh), CONDITIONS_LIMIT);
}

function conditionWord(clauses: readonly Clause[]): string {
  return clauses.length === 1 ? 'condition' : 'conditions';
}

function clausesBut(clauses: readonly Clause[], others: readonly Clause[]): readonly Clause[] {
  const known = new Set(others.map(clauseIdentity));
  return clauses.filter((clause) => !known.has(clauseIdentity(clause)));
}
