import { isIPv4, isIPv6 } from 'node:net';
import { checkNetwork, checkVersion } from '../../../evaluation/check.js';
import type { Clause } from '../../../model/clause.js';
import type { JsonObject, Scalar } from '../../../model/values.js';
import { Inexact, type Note } from '../draft.js';
import { textOf } from '../read.js';
import { listedTexts } from './export.js';

/** The clause of a constraint, or whether it holds for everyone. Throws `Inexact`. */
export function constraintClause(constraint: JsonObject, note: Note): Clause | boolean {
  const operator = textOf(constraint.operator) ?? 'no operator';
  const clause = positiveClause(operator, { attribute: attributeOf(constraint, operator), constraint, note });
  if (constraint.inverted !== true) return clause;
  return typeof clause === 'boolean' ? !clause : { not: clause };
}

interface Tested {
  readonly attribute: string;
  readonly constraint: JsonObject;
  readonly note: Note;
}

function attributeOf({ contextName }: JsonObject, operator: string): string {
  const name = textOf(contextName);
  if (name === undefined || name.length > 200 || name in {}) {
    throw new Inexact(operator, `${JSON.stringify(contextName ?? null)} is no name of an attribute here`);
  }
  return name;
}

function positiveClause(operator: string, tested: Tested): Clause | boolean {
  const { attribute, constraint, note } = tested;
  const values = listedTexts(constraint.values);
  switch (operator) {
    case 'IN':
      return values.length > 0 && { attribute, in: sameAsTexts(values) };
    case 'NOT_IN':
      return values.length === 0 || { not: { attribute, in: sameAsTexts(values) } };
    case 'STR_CONTAINS':
      return textClause('contains', values, tested);
    case 'STR_STARTS_WITH':
      return textClause('startsWith', values, tested);
    case 'STR_ENDS_WITH':
      return textClause('endsWith', values, tested);
    case 'REGEX':
      note('assumed', operator, `callers have ${attribute} as text of up to 4,096 characters, or not at all`);
      return { attribute, matches: String(constraint.value), ...ignoresCase(constraint) };
    case 'IN_CIDR':
      return networkClause(values, tested);
    default:
      if (operator.startsWith('NUM_')) return numberClause(operator, tested);
      if (operator.startsWith('SEMVER_')) return versionClause(operator, tested);
      if (operator.startsWith('DATE_'))
        throw new Inexact(
          operator,
          'it asks for the moment of the question, and no rule here reads the clock',
        );
      throw new Inexact(operator, 'no rule here says the same');
  }
}

/** Unleash compares texts: a number or true and false count as their text. */
function sameAsTexts(texts: readonly string[]): readonly Scalar[] {
  return texts.flatMap((text): Scalar[] => {
    if (text === 'true' || text === 'false') return [text, text === 'true'];
    return String(Number(text)) === text && Number.isFinite(Number(text)) ? [text, Number(text)] : [text];
  });
}

function textClause(
  test: 'contains' | 'startsWith' | 'endsWith',
  values: readonly string[],
  tested: Tested,
): Clause | boolean {
  const { attribute, constraint, note } = tested;
  note('assumed', String(constraint.operator), `callers have ${attribute} as text, or not at all`);
  const clauses = values.map((value): Clause => ({ attribute, [test]: value, ...ignoresCase(constraint) }));
  const [first, second] = clauses;
  if (first === undefined) return false;
  return second === undefined ? first : { any: clauses };
}

function ignoresCase({ caseInsensitive }: JsonObject): { readonly ignoreCase?: true } {
  return caseInsensitive === true ? { ignoreCase: true } : {};
}

const NUMBER_TESTS = {
  NUM_EQ: 'equals',
  NUM_LT: 'lt',
  NUM_LTE: 'lte',
  NUM_GT: 'gt',
  NUM_GTE: 'gte',
} as const;

function numberClause(operator: string, { attribute, constraint, note }: Tested): Clause | boolean {
  const test = NUMBER_TESTS[operator as keyof typeof NUMBER_TESTS];
  if (test === undefined) throw new Inexact(operator, 'no rule here says the same');
  const limit = Number(constraint.value);
  if (!Number.isFinite(limit)) return false;
  note(
    'assumed',
    operator,
    `callers have ${attribute} as a number, or not at all: Unleash's clients send texts and read numbers in them`,
  );
  return { attribute, [test]: limit };
}

const VERSION_TESTS = {
  SEMVER_EQ: 'semverEq',
  SEMVER_LT: 'semverLt',
  SEMVER_LTE: 'semverLte',
  SEMVER_GT: 'semverGt',
  SEMVER_GTE: 'semverGte',
} as const;

function versionClause(operator: string, { attribute, constraint, note }: Tested): Clause | boolean {
  const test = VERSION_TESTS[operator as keyof typeof VERSION_TESTS];
  if (test === undefined) throw new Inexact(operator, 'no rule here says the same');
  const version = String(constraint.value);
  if (!/^\d+\.\d+\.\d+/.test(version) || checkVersion(version) !== undefined) {
    throw new Inexact(operator, `${JSON.stringify(version)} is no whole version, such as 2.4.0`);
  }
  note(
    'assumed',
    operator,
    `callers have ${attribute} as a whole version (2.4.0), or not at all: 2.4 and v2.4.0 are versions here and none there`,
  );
  return { attribute, [test]: version };
}

function networkClause(values: readonly string[], { attribute, note }: Tested): Clause | boolean {
  const networks = networksOf(values);
  if (networks.length === 0) return false;
  note(
    'assumed',
    'IN_CIDR',
    `callers have ${attribute} as a plain address, or not at all: an IPv4 address in the notation of IPv6 counts as IPv4 here`,
  );
  return { attribute, cidr: networks };
}

/** A lone address is a network of one; what is neither matches nobody there, and is left out. */
export function networksOf(texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => (isIPv4(text) ? `${text}/32` : isIPv6(text) ? `${text}/128` : text))
    .filter((text) => checkNetwork(text) === undefined);
}
