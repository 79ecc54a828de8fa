import type { Clause } from '../../../model/clause.js';
import type { Rule } from '../../../model/flag.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact, type Note } from '../draft.js';
import { isObject, textOf } from '../read.js';

/** The share that a strategy lets in. */
export interface Rollout {
  /** Whole per cent, from 0 to 100. */
  readonly percentage: number;
  readonly stickiness: string;
  /** What Unleash hashes with the person. Rollouts of one group are nested: the smaller share is within the larger. */
  readonly group: string;
}

/** The rollout of a strategy; undefined where it has none. */
export function rolloutOf(strategy: JsonObject): Rollout | undefined {
  const parameters = isObject(strategy.parameters) ? strategy.parameters : {};
  const group = groupOf(strategy);
  switch (strategy.name) {
    case 'flexibleRollout':
      return {
        percentage: shareOf(parameters.rollout),
        stickiness: textOf(parameters.stickiness) ?? 'default',
        group,
      };
    case 'gradualRolloutUserId':
      return { percentage: shareOf(parameters.percentage), stickiness: 'userId', group };
    case 'gradualRolloutSessionId':
      return { percentage: shareOf(parameters.percentage), stickiness: 'sessionId', group };
    case 'gradualRolloutRandom':
      return { percentage: shareOf(parameters.percentage), stickiness: 'random', group };
    default:
      return undefined;
  }
}

/** The groupId of a strategy; empty without one. */
export function groupOf({ parameters }: JsonObject): string {
  return isObject(parameters) ? String(parameters.groupId ?? '') : '';
}

function shareOf(value: JsonValue | undefined): number {
  const number = Number(value);
  return Number.isNaN(number) ? 0 : Math.min(100, Math.max(0, Math.floor(number)));
}

/** Without the attribute nobody is let in there, not even at 100 %; here 100 % is everyone. */
export function stickinessClause({ stickiness }: Rollout, note: Note): Clause | boolean {
  if (stickiness === 'default' || stickiness === 'random') return true;
  note('assumed', 'rollout', `callers have ${stickiness} as text, or not at all`);
  return { attribute: stickiness, exists: true, notEquals: '' };
}

/** The gate of a rollout; undefined where it lets in nobody. */
export function gateOf(
  { percentage, stickiness }: Rollout,
  note: Note,
): Pick<Rule, 'percentage' | 'bucketBy'> | undefined {
  if (percentage === 0) return undefined;
  if (percentage === 100) return {};
  return { percentage, ...bucketBy(stickiness, 'rollout', note) };
}

/** By what people are placed. Throws `Inexact` for a draw of lots at each question. */
export function bucketBy(
  stickiness: string,
  construct: 'rollout' | 'variants',
  note: Note,
): Pick<Rule, 'bucketBy'> {
  if (stickiness === 'random')
    throw new Inexact(
      'random',
      `the ${construct} draws lots anew at each question, and here an answer stays`,
    );
  const value = stickiness === 'default' ? 'targetingKey, else userId' : stickiness;
  note('moved', construct, `the same share, placed by another hash of the ${value}`);
  const others = othersPlaced(stickiness, construct);
  if (others !== undefined) note('assumed', construct, others);
  return stickiness === 'default' ? {} : { bucketBy: stickiness };
}

/** How Unleash places those who have no such value. A rollout by an attribute of its own lets in none of them. */
function othersPlaced(stickiness: string, construct: 'rollout' | 'variants'): string | undefined {
  if (stickiness === 'default') {
    const next = construct === 'rollout' ? 'sessionId' : 'sessionId or remoteAddress';
    return `callers have a targetingKey or a userId: Unleash places others by their ${next}, or at random, and here they are not placed`;
  }
  if (construct === 'rollout') return undefined;
  return `callers have ${stickiness} as text: Unleash places others at random, and here they are not placed`;
}
