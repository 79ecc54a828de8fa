import type { Rule } from '../../../model/flag.js';
import { Inexact } from '../draft.js';
import type { UnleashFeature } from './export.js';
import { type Rollout, rolloutOf } from './rollout.js';
import type { NamedStrategy } from './variants.js';

/**
 * The groups that several features place people by. Whoever is in the smaller rollout of a group is in the larger too, in
 * whichever feature, which counts where one depends on another.
 */
export function sharedGroups(features: readonly UnleashFeature[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const feature of features) {
    for (const group of new Set(partialRollouts(feature).flatMap((own) => own.map((one) => one.group)))) {
      (seen.has(group) ? shared : seen).add(group);
    }
  }
  return shared;
}

/**
 * The salt of a flag whose rollouts are nested, in each other or in those of other features; undefined where each stands
 * alone. A flag has one salt, so throws `Inexact` where some are nested and others are not, or by another attribute.
 */
export function nestedSalt(feature: UnleashFeature, shared: ReadonlySet<string>): string | undefined {
  const states = partialRollouts(feature);
  const groups = states.map((own) => own.map(({ group }) => group));
  const [group, second] = new Set(groups.flat());
  const repeats = groups.some((own) => new Set(own).size < own.length);
  if (group === undefined || !(repeats || groups.flat().some((one) => shared.has(one)))) return undefined;
  if (second !== undefined)
    throw new Inexact(
      'groupId',
      'some of its rollouts are of one groupId, so one is within the other, and some are not',
    );
  if (states.some((own) => new Set(own.map(({ stickiness }) => stickiness)).size > 1))
    throw new Inexact('stickiness', 'its rollouts are of one groupId and place people by several attributes');
  if (group.length > 190) throw new Inexact('groupId', 'it is longer than 190 characters');
  return `group:${group}`;
}

/** The rollouts that let in some and not all, state by state. */
function partialRollouts({ environments }: UnleashFeature): readonly (readonly Rollout[])[] {
  return [...environments.values()].map(({ strategies }) =>
    strategies
      .filter(({ disabled }) => disabled !== true)
      .flatMap((strategy) => rolloutOf(strategy) ?? [])
      .filter(({ percentage }) => percentage > 0 && percentage < 100),
  );
}

/**
 * Strategies as rules of nested rollouts: splits of one salt, the largest share first, so that the largest of the caller's
 * decides, as it does where each strategy may let the caller in.
 */
export function nestedRules(
  strategies: readonly NamedStrategy[],
  ruleOf: (strategy: NamedStrategy) => Rule,
): readonly Rule[] {
  const share = ({ rule }: NamedStrategy): number => rule.percentage ?? 100;
  return [...strategies]
    .sort((one, other) => share(other) - share(one))
    .map((strategy) => {
      const { percentage, ...rule } = ruleOf(strategy);
      return percentage === undefined ? rule : { ...rule, serve: { on: percentage, off: 100 - percentage } };
    });
}
