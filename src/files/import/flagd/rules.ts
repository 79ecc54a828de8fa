import type { Rule } from '../../../model/flag.js';
import type { Case } from './targeting.js';

/**
 * The cases as rules. A split skips who cannot be placed, and flagd gives them the default, so a split that others follow has
 * a rule behind it for those.
 */
export function rulesOf(cases: readonly Case[], otherwise: string | null): readonly Rule[] {
  return cases.flatMap(({ when, gives }, place): Rule[] => {
    const id = `rule-${place + 1}`;
    const conditions = when.length === 0 ? {} : { when };
    if (gives.kind === 'variant') {
      return [{ id, ...conditions, ...(gives.variant === 'on' ? {} : { serve: gives.variant }) }];
    }
    const { weights, bucketBy } = gives;
    const by = bucketBy === 'targetingKey' ? {} : { bucketBy };
    const split: Rule = { id, ...conditions, ...by, serve: weights };
    const isLast = place === cases.length - 1;
    return isLast ? [split] : [split, { id: `${id}-others`, ...conditions, serve: otherwise }];
  });
}
