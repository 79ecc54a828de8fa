import type { Clause } from '../../../model/clause.js';
import type { Rule } from '../../../model/flag.js';
import type { Case } from './targeting.js';

/**
 * The cases as rules. A split skips who cannot be placed, and flagd gives them the default, so a split that others follow has
 * a rule behind it for those.
 */
export function rulesOf(cases: readonly Case[], { otherwise, rest }: Others): readonly Rule[] {
  return cases.flatMap(({ when, gives }, place): Rule[] => {
    const id = `rule-${place + 1}`;
    const conditions = when.length === 0 ? {} : { when: when.flatMap(together) };
    if (gives.kind === 'variant') {
      return [{ id, ...conditions, ...(gives.variant === 'on' ? {} : { serve: gives.variant }) }];
    }
    const { weights, bucketBy } = gives;
    const by = bucketBy === 'targetingKey' ? {} : { bucketBy };
    const split: Rule = { id, ...conditions, ...by, serve: weights };
    const goesOnToDefault = place === cases.length - 1 && rest === otherwise;
    return goesOnToDefault ? [split] : [split, { id: `${id}-others`, ...conditions, serve: otherwise }];
  });
}

/** What callers get whom no rule decides. */
interface Others {
  /** flagd's default variant. */
  readonly otherwise: string | null;
  /** What is served behind the rules; undefined for a split. */
  readonly rest: string | null | undefined;
}

/** A rule's clauses must all hold, so `all` among them says nothing of its own. */
function together(clause: Clause): readonly Clause[] {
  return 'all' in clause ? clause.all : [clause];
}
