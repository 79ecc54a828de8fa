import { parseMoment } from '../../evaluation/moment.js';
import type { AttributeClause } from '../../model/clause.js';
import type { AttributeTypeName } from '../../model/project.js';
import type { JsonValue } from '../../model/values.js';

const NUMBERS = ['lt', 'lte', 'gt', 'gte'] as const;
const MOMENTS = ['before', 'after'] as const;
const VERSIONS = ['semverEq', 'semverLt', 'semverLte', 'semverGt', 'semverGte', 'semverRange'] as const;
const LISTS = ['includesAny', 'includesAll'] as const;
const VERSION = /\d+(?:\.\d+){0,2}/g;
const SECOND_MS = 1_000;
/** An address that is documented to be nobody's. */
const NOBODYS_ADDRESS = '192.0.2.1';

/** Which type an attribute has that is tested so; undefined where the test fits several. */
export function clauseType(clause: AttributeClause): AttributeTypeName | undefined {
  const isTested = (operators: readonly (keyof AttributeClause)[]) =>
    operators.some((operator) => clause[operator] !== undefined);
  if (isTested(NUMBERS)) return 'number';
  if (isTested(MOMENTS)) return 'date';
  if (isTested(VERSIONS)) return 'semver';
  if (isTested(LISTS)) return 'list';
  const { equals = clause.notEquals ?? clause.in?.[0] ?? clause.notIn?.[0] } = clause;
  if (typeof equals === 'boolean' || typeof equals === 'number') return typeof equals as 'boolean' | 'number';
  return undefined;
}

/** Values that the clause tells from others: those that it names, and for a limit the values at both sides of it. */
export function clauseValues(clause: AttributeClause): readonly JsonValue[] {
  return [
    ...namedValues(clause),
    ...textValues(clause),
    ...NUMBERS.flatMap((operator) => around(clause[operator])),
    ...MOMENTS.flatMap((operator) => momentsAround(clause[operator])),
    ...VERSIONS.flatMap((operator) => versionsAround(clause[operator])),
    ...LISTS.flatMap((operator) => listsOf(clause[operator])),
    ...addressesOf(clause.cidr),
  ];
}

function namedValues({
  equals,
  notEquals,
  in: some = [],
  notIn = [],
}: AttributeClause): readonly JsonValue[] {
  return [equals, notEquals, ...some, ...notIn].filter((value) => value !== undefined);
}

/** A text with the wanted part in it, and one that is more than it. What an expression matches nobody can tell from it. */
function textValues({ contains, notContains, startsWith, endsWith }: AttributeClause): readonly string[] {
  const parts = [contains, notContains].filter((text) => text !== undefined);
  return [
    ...parts.flatMap((text) => [text, `a${text}z`]),
    ...(startsWith === undefined ? [] : [`${startsWith}1`]),
    ...(endsWith === undefined ? [] : [`someone${endsWith}`]),
  ];
}

function around(limit: number | undefined): readonly number[] {
  return limit === undefined ? [] : [limit - 1, limit, limit + 1];
}

function momentsAround(limit: string | number | undefined): readonly string[] {
  const moment = parseMoment(limit);
  if (moment === undefined) return [];
  return around(moment / SECOND_MS).flatMap((seconds) => {
    const date = new Date(seconds * SECOND_MS);
    return Number.isNaN(date.getTime()) ? [] : [date.toISOString()];
  });
}

/** Of each version that is named: itself, the next patch, and one of the major version before. */
function versionsAround(text: string | undefined): readonly string[] {
  return (text?.match(VERSION) ?? []).flatMap((version) => {
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    return [
      `${major}.${minor}.${patch}`,
      `${major}.${minor}.${patch + 1}`,
      `${Math.max(major - 1, 0)}.${minor}.${patch}`,
    ];
  });
}

function listsOf(wanted: readonly JsonValue[] | undefined): readonly JsonValue[] {
  if (wanted === undefined) return [];
  return [...wanted.map((value) => [value]), [...wanted], []];
}

/** The first address of each network, and one outside. */
function addressesOf(networks: AttributeClause['cidr']): readonly string[] {
  if (networks === undefined) return [];
  const all = typeof networks === 'string' ? [networks] : networks;
  return [...all.map((network) => network.split('/')[0] ?? network), NOBODYS_ADDRESS];
}
