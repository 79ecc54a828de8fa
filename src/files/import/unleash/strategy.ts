import { isIPv4 } from 'node:net';
import type { Clause } from '../../../model/clause.js';
import type { Rule } from '../../../model/flag.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { Inexact, type Note } from '../draft.js';
import { isList, isObject, objectsOf, textOf } from '../read.js';
import { constraintClause, networksOf } from './constraint.js';
import { listedTexts } from './export.js';

/** What a strategy becomes; undefined where it lets in nobody. */
export interface StrategyRule extends Pick<Rule, 'when' | 'percentage' | 'bucketBy'> {
  readonly when: readonly Clause[];
}

/** What strategies are read with. */
export interface StrategyReading {
  readonly note: Note;
  /** The clause of the segment of this id, or whether everyone is a member. Throws `Inexact`. */
  readonly segment: (id: string) => Clause | boolean;
}

/** Reads one strategy. Throws `Inexact`. */
export function strategyRule(strategy: JsonObject, reading: StrategyReading): StrategyRule | undefined {
  const name = textOf(strategy.name) ?? '';
  const parameters = isObject(strategy.parameters) ? strategy.parameters : {};
  const own = ownClauses(name, parameters);
  const rollout = rolloutOf(name, parameters);
  const clauses = [
    own,
    ...(rollout === undefined ? [] : [stickinessClause(rollout)]),
    ...objectsOf(strategy.constraints).map((one) => constraintClause(one, reading.note)),
    ...segmentsOf(strategy).map((id) => reading.segment(id)),
  ];
  const gate = rollout === undefined ? {} : gateOf(rollout, reading.note);
  if (clauses.includes(false) || gate === undefined) return undefined;
  return { when: clauses.filter((clause) => typeof clause !== 'boolean'), ...gate };
}

function segmentsOf({ segments }: JsonObject): readonly string[] {
  return isList(segments) ? segments.map(String) : [];
}

/** What the strategy itself asks for, besides its constraints. */
function ownClauses(name: string, parameters: JsonObject): Clause | boolean {
  switch (name) {
    case 'default':
    case 'flexibleRollout':
    case 'gradualRolloutUserId':
    case 'gradualRolloutSessionId':
    case 'gradualRolloutRandom':
      return true;
    case 'userWithId': {
      const users = listedTexts(parameters.userIds);
      return users.length > 0 && { attribute: 'userId', in: users };
    }
    case 'remoteAddress':
      return addressClause(listedTexts(parameters.IPs));
    case 'applicationHostname':
      throw new Inexact(name, "it asks for the name of the caller's machine, which no context has");
    default:
      throw new Inexact(
        'custom strategy',
        `${name || 'one without a name'} is code of your own, which Unleash's export does not hold`,
      );
  }
}

/** Networks are those of IPv4 alone; of all else the text is compared. */
function addressClause(texts: readonly string[]): Clause | boolean {
  const networks = networksOf(texts.filter((text) => isIPv4(text.split('/')[0] ?? '')));
  const plain = texts.filter((text) => !networks.includes(`${text}/32`) && !networks.includes(text));
  const attribute = 'remoteAddress';
  const clauses: Clause[] = [
    ...(networks.length === 0 ? [] : [{ attribute, cidr: networks }]),
    ...(plain.length === 0 ? [] : [{ attribute, in: plain }]),
  ];
  const [first, second] = clauses;
  if (first === undefined) return false;
  return second === undefined ? first : { any: clauses };
}

interface Rollout {
  readonly percentage: number;
  readonly stickiness: string;
}

function rolloutOf(name: string, parameters: JsonObject): Rollout | undefined {
  const share = (value: JsonValue | undefined): number => {
    const number = Number(value);
    return Number.isFinite(number) ? Math.min(100, Math.max(0, Math.floor(number))) : 0;
  };
  switch (name) {
    case 'flexibleRollout':
      return {
        percentage: share(parameters.rollout),
        stickiness: textOf(parameters.stickiness) ?? 'default',
      };
    case 'gradualRolloutUserId':
      return { percentage: share(parameters.percentage), stickiness: 'userId' };
    case 'gradualRolloutSessionId':
      return { percentage: share(parameters.percentage), stickiness: 'sessionId' };
    case 'gradualRolloutRandom':
      return { percentage: share(parameters.percentage), stickiness: 'random' };
    default:
      return undefined;
  }
}

/** Without the attribute nobody is let in there, not even at 100 %; here 100 % is everyone. */
function stickinessClause({ stickiness }: Rollout): Clause | boolean {
  if (stickiness === 'default' || stickiness === 'random') return true;
  return { attribute: stickiness, exists: true, notEquals: '' };
}

/** The gate of a rollout; undefined where it lets in nobody. */
function gateOf(
  { percentage, stickiness }: Rollout,
  note: Note,
): Pick<Rule, 'percentage' | 'bucketBy'> | undefined {
  if (percentage === 0) return undefined;
  if (percentage === 100) return {};
  return { percentage, ...bucketBy(stickiness, 'rollout', note) };
}

/** By what people are placed. Throws `Inexact` for a draw of lots at each question. */
export function bucketBy(stickiness: string, construct: string, note: Note): Pick<Rule, 'bucketBy'> {
  if (stickiness === 'random')
    throw new Inexact(
      'random',
      `the ${construct} draws lots anew at each question, and here an answer stays`,
    );
  const value = stickiness === 'default' ? 'targetingKey, else userId,' : stickiness;
  note(
    'moved',
    construct,
    `the same share, placed by another hash of the ${value}; who has none was placed at random, and is not placed here`,
  );
  return stickiness === 'default' ? {} : { bucketBy: stickiness };
}
