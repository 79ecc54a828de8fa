import { isSame } from '../../changes/difference/same.js';
import type { Difference } from '../../changes/difference.js';
import type { Clause } from '../../model/clause.js';
import { type Attachment, attachmentEntry, type Rule, type Serve } from '../../model/flag.js';
import { unreachable } from '../../model/unreachable.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import { isObject } from '../body.js';
import { shownConditions } from './conditions.js';
import { serveWords } from './rules-serve.js';

/** What a field was and what it became; null where there was, or is, nothing. */
export interface FieldChange {
  readonly before: JsonValue;
  readonly after: JsonValue;
}

/** By field, as a dotted path: `enabled`, `rules.canary.percentage`, `includedUsers.u-7`. */
export type FieldChanges = Readonly<Record<string, FieldChange>>;

type Versions = Pick<Difference, 'before' | 'after'>;
type NamedChange = readonly [string, FieldChange];

/** What a difference changed, in the words of the admin API. */
export function changesOfDifference(difference: Difference): readonly NamedChange[] {
  const { part, resource } = difference;
  switch (part.kind) {
    case 'layout':
      return [];
    case 'whole':
      return changesOfWhole(difference);
    case 'readable':
      return [['file', inWords(difference, same)]];
    case 'field':
      return [changeOfField(part.name, resource.type === 'segment', difference)];
    case 'rule':
      return changesOfRule(part.id, difference);
    case 'attachment':
      return difference.action === 'moved'
        ? []
        : [[`segments.${part.segment}`, inWords(difference, attachmentWords)]];
    case 'requirement':
      return [[`requires.${part.flag}`, inWords(difference, same)]];
    case 'override':
      return [[`${part.who === 'user' ? 'users' : 'companies'}.${part.name}`, inWords(difference, same)]];
    case 'variant':
      return [[`variants.${part.name}`, inWords(difference, same)]];
    case 'test':
      return [[`tests.${part.name}`, inWords(difference, same)]];
    case 'member':
      return [
        [
          `${part.list}d${part.who === 'user' ? 'Users' : 'Companies'}.${part.name}`,
          inWords(difference, same),
        ],
      ];
    case 'entry':
      if (difference.action === 'moved') return [];
      return part.list === 'attributes'
        ? [[`attributes.${part.name}`, inWords(difference, same)]]
        : fieldByField(difference);
    default:
      return unreachable(part);
  }
}

/** The fields of a file that came or went. Overrides and tests go along with their flag. */
function changesOfWhole(difference: Difference): readonly NamedChange[] {
  const { type } = difference.resource;
  if (type === 'overrides' || type === 'tests') return [[type, inWords(difference, same)]];
  const isSegment = type === 'segment';
  return fieldByField(difference).map(([name, change]) => changeOfField(name, isSegment, change));
}

function changeOfField(name: string, ofSegment: boolean, versions: Versions): NamedChange {
  if (name === 'serve') return [name, inWords(versions, (serve) => json(serveWords(serve as Serve)))];
  if (!ofSegment) return [name, inWords(versions, same)];
  if (name === 'active') return ['isActive', inWords(versions, same)];
  return name === 'when'
    ? ['conditions', inWords(versions, conditionWords)]
    : [name, inWords(versions, same)];
}

/** A rule that came or went as a whole, or one field of it. What moved is told with all that stand beside it. */
function changesOfRule(id: string, difference: Difference): readonly NamedChange[] {
  if (difference.action === 'moved') return [];
  const [, , , , field] = difference.at;
  if (field === undefined) return [[`rules.${id}`, inWords(difference, ruleWords)]];
  if (field === 'when') return [[`rules.${id}.conditions`, inWords(difference, conditionWords)]];
  const [, change] = changeOfField(String(field), false, difference);
  return [[`rules.${id}.${field}`, change]];
}

function fieldByField({ before, after }: Versions): readonly NamedChange[] {
  const [old, now] = [objectOf(before), objectOf(after)];
  const names = [...new Set([...Object.keys(now), ...Object.keys(old)])];
  return names.flatMap((name): readonly NamedChange[] => {
    const change = { before: old[name] ?? null, after: now[name] ?? null };
    return isSame(change.before, change.after) ? [] : [[name, change]];
  });
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function inWords({ before, after }: Versions, words: (value: JsonValue) => JsonValue): FieldChange {
  return {
    before: before === undefined ? null : words(before),
    after: after === undefined ? null : words(after),
  };
}

function same(value: JsonValue): JsonValue {
  return value;
}

function conditionWords(when: JsonValue): JsonValue {
  return json(shownConditions(when as unknown as readonly Clause[]));
}

function attachmentWords(attachment: JsonValue): JsonValue {
  return json(serveWords(attachmentEntry(attachment as unknown as Attachment).serve));
}

function ruleWords(value: JsonValue): JsonValue {
  const { when, serve, ...rest } = value as unknown as Rule;
  return json({ ...rest, ...shownConditions(when), serve: serveWords(serve === undefined ? 'on' : serve) });
}

/** What is made of JSON is JSON. */
function json(value: object): JsonValue {
  return value as JsonValue;
}
