import { isIP, isIPv4, isIPv6 } from 'node:net';
import { checkNetwork, checkVersion } from '../../../evaluation/check.js';
import { networkTest } from '../../../evaluation/network.js';
import type { Clause } from '../../../model/clause.js';
import type { JsonObject, JsonValue, Scalar } from '../../../model/values.js';
import { anyOf, negated } from '../combine.js';
import { Inexact, type Note } from '../draft.js';
import { textOf } from '../read.js';
import { wholeTexts } from './whole.js';

/** The clause of a constraint, or whether it holds for everyone. Throws `Inexact`. */
export function constraintClause(constraint: JsonObject, note: Note): Clause | boolean {
  const operator = textOf(constraint.operator) ?? 'no operator';
  const clause = positiveClause(operator, {
    attribute: attributeOf(constraint, operator, note),
    constraint,
    note,
  });
  return constraint.inverted ? negated(clause) : clause;
}

interface Tested {
  readonly attribute: string;
  readonly constraint: JsonObject;
  readonly note: Note;
}

/** The attribute that a constraint or an override reads. Throws `Inexact`. */
export function attributeOf({ contextName }: JsonObject, construct: string, note: Note): string {
  const name = textOf(contextName);
  if (name === undefined || name.length > 200 || name in {} || name === 'properties') {
    throw new Inexact(construct, `${JSON.stringify(contextName ?? null)} is no name of an attribute here`);
  }
  if (name === 'appName' || name === 'environment')
    note('assumed', name, `callers send ${name} themselves, which Unleash's clients fill in`);
  return name;
}

function positiveClause(operator: string, tested: Tested): Clause | boolean {
  const { attribute, constraint, note } = tested;
  switch (operator) {
    case 'IN':
      return amongClause(cleanTexts(constraint.values, operator), operator, tested);
    case 'NOT_IN':
      return negated(amongClause(cleanTexts(constraint.values, operator), operator, tested));
    case 'STR_CONTAINS':
      return textClause('contains', operator, tested);
    case 'STR_STARTS_WITH':
      return textClause('startsWith', operator, tested);
    case 'STR_ENDS_WITH':
      return textClause('endsWith', operator, tested);
    case 'REGEX':
      note('assumed', operator, `callers have ${attribute} as text of up to 4,096 characters, or not at all`);
      return { attribute, matches: String(constraint.value), ...ignoresCase(constraint) };
    case 'IN_CIDR':
      return networkClause(cleanTexts(constraint.values, operator), tested);
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

/** As Unleash's clients clean a list: what is empty falls out before blanks do, so that a lone blank is empty text. */
function cleanTexts(values: JsonValue | undefined, construct: string): readonly string[] {
  if (values === undefined || values === null) throw new Inexact(construct, 'it has no values');
  return wholeTexts(values, construct)
    .filter((text) => text !== '')
    .map((text) => text.trim());
}

/** The attribute is one of the texts. Unleash compares texts: a number or true and false count as their text. */
export function amongClause(
  texts: readonly string[],
  construct: string,
  { attribute, note }: Pick<Tested, 'attribute' | 'note'>,
): Clause | boolean {
  if (texts.length === 0) return false;
  note('assumed', construct, `callers have ${attribute} as one value and no list, or not at all`);
  return { attribute, in: texts.flatMap(sameAsText) };
}

function sameAsText(text: string): readonly Scalar[] {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return String(Number(text)) === text && Number.isFinite(Number(text)) ? [text, Number(text)] : [text];
}

/** Empty text is in every text. */
function textClause(
  test: 'contains' | 'startsWith' | 'endsWith',
  operator: string,
  { attribute, constraint, note }: Tested,
): Clause | boolean {
  note('assumed', operator, `callers have ${attribute} as text, or not at all`);
  return anyOf(
    cleanTexts(constraint.values, operator).map((value) =>
      value === '' ? { attribute, exists: true } : { attribute, [test]: value, ...ignoresCase(constraint) },
    ),
  );
}

function ignoresCase({ caseInsensitive }: JsonObject): { readonly ignoreCase?: true } {
  return caseInsensitive ? { ignoreCase: true } : {};
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
  if (Number.isNaN(limit)) return false;
  if (!Number.isFinite(limit)) throw new Inexact(operator, 'no number here is without end');
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
  notePlain(attribute, 'IN_CIDR', note);
  return { attribute, cidr: networks };
}

/** Notes that the address must be plain. */
export function notePlain(attribute: string, construct: string, note: Note): void {
  note(
    'assumed',
    construct,
    `callers have ${attribute} as a plain address, or not at all: an IPv4 address in the notation of IPv6 counts as IPv4 here`,
  );
}

/**
 * A lone address is a network of one; what is neither matches nobody there, and is left out. Throws `Inexact` for what may be
 * a network in other notation.
 */
export function networksOf(texts: readonly string[]): readonly string[] {
  return texts.map(networkOf).filter((text) => text !== undefined);
}

function networkOf(text: string): string | undefined {
  if (isIPv4(text)) return `${text}/32`;
  const network = isIPv6(text) ? `${text}/128` : text;
  const address = text.replace(/[/%].*/, '');
  if (checkNetwork(network) === undefined && (isIPv4(address) || !holdsIPv4(network, address)))
    return network;
  if (isIP(address) === 0) return undefined;
  throw new Inexact('network', `${JSON.stringify(text)} is none here, and may be one there`);
}

/** True where addresses of IPv4, in the notation of IPv6, are in the network: here they count as IPv4. */
function holdsIPv4(network: string, address: string): boolean {
  const first = '::ffff:0.0.0.0';
  return networkTest([network])(first) || networkTest([`${first}/96`])(address);
}
