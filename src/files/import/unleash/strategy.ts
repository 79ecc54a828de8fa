import { isIPv4 } from 'node:net';
import type { Clause } from '../../../model/clause.js';
import type { Rule } from '../../../model/flag.js';
import type { JsonObject, JsonValue } from '../../../model/values.js';
import { anyOf } from '../combine.js';
import { Inexact, type Note } from '../draft.js';
import { isList, isObject, objectsOf, textOf } from '../read.js';
import { constraintClause, networksOf, notePlain } from './constraint.js';
import { gateOf, rolloutOf, stickinessClause } from './rollout.js';

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
  const own = ownClauses(name, parameters, reading.note);
  const rollout = rolloutOf(strategy);
  const clauses = [
    own,
    ...(rollout === undefined ? [] : [stickinessClause(rollout, reading.note)]),
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
function ownClauses(name: string, parameters: JsonObject, note: Note): Clause | boolean {
  switch (name) {
    case 'default':
    case 'flexibleRollout':
    case 'gradualRolloutUserId':
    case 'gradualRolloutSessionId':
    case 'gradualRolloutRandom':
      return true;
    case 'userWithId': {
      const users = listedTexts(parameters.userIds, name);
      note('assumed', name, 'callers have userId as text, or not at all');
      return users.length > 0 && { attribute: 'userId', in: users };
    }
    case 'remoteAddress':
      return addressClause(listedTexts(parameters.IPs, name), note);
    case 'applicationHostname':
      throw new Inexact(name, "it asks for the name of the caller's machine, which no context has");
    default:
      throw new Inexact(
        'custom strategy',
        `${name || 'one without a name'} is code of your own, which Unleash's export does not hold`,
      );
  }
}

/** The texts in one text, with commas between, as Unleash's clients part them: blanks at its ends stay. */
function listedTexts(value: JsonValue | undefined, construct: string): readonly string[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value !== 'string') throw new Inexact(construct, 'its list is no text with commas between');
  return value.split(/\s*,\s*/);
}

/** Networks are those of IPv4 alone; of all else the text is compared. */
function addressClause(texts: readonly string[], note: Note): Clause | boolean {
  const networks = networksOf(texts.filter((text) => isIPv4(text.split('/')[0] ?? '')));
  const plain = texts.filter((text) => !networks.includes(`${text}/32`) && !networks.includes(text));
  const attribute = 'remoteAddress';
  if (texts.length > 0) notePlain(attribute, 'remoteAddress', note);
  return anyOf([
    networks.length > 0 && { attribute, cidr: networks },
    plain.length > 0 && { attribute, in: plain },
  ]);
}
