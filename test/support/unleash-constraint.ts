import { isIPv6 } from 'node:net';
import { checkNetwork } from '../../src/evaluation/check.js';
import type { Clause } from '../../src/model/clause.js';
import type { SegmentFile } from '../../src/model/segment.js';
import type { Constraint, UnleashSegment } from './unleash-specification.js';

/** A clause that holds for nobody, such as one with an operator that nobody knows. */
export const NEVER: Clause = {
  all: [
    { attribute: 'email', exists: true },
    { attribute: 'email', exists: false },
  ],
};

export function translateSegment({ constraints }: UnleashSegment): SegmentFile {
  return { when: constraints.map(translateConstraint) };
}

export function translateConstraint(constraint: Constraint): Clause {
  const clause = positiveClause(constraint);
  return constraint.inverted === true ? { not: clause } : clause;
}

function positiveClause({
  contextName,
  operator,
  value = '',
  values = [],
  caseInsensitive,
}: Constraint): Clause {
  const text = { attribute: contextName, ignoreCase: caseInsensitive === true };
  const number = { attribute: `number.${contextName}` };
  const any = (clauses: readonly Clause[]): Clause => ({ any: clauses });
  switch (operator) {
    case 'IN':
      return values.length === 0 ? NEVER : { ...text, in: values };
    case 'NOT_IN':
      return values.length === 0 ? { not: NEVER } : { not: { ...text, in: values } };
    case 'STR_CONTAINS':
      return any(values.map((part) => ({ ...text, contains: part })));
    case 'STR_STARTS_WITH':
      return any(values.map((part) => ({ ...text, startsWith: part })));
    case 'STR_ENDS_WITH':
      return any(values.map((part) => ({ ...text, endsWith: part })));
    case 'REGEX':
      return { ...text, matches: value };
    case 'IN_CIDR':
      return { attribute: contextName, cidr: networksOf(values) };
    case 'NUM_EQ':
      return { ...number, equals: Number(value) };
    case 'NUM_LT':
      return { ...number, lt: Number(value) };
    case 'NUM_LTE':
      return { ...number, lte: Number(value) };
    case 'NUM_GT':
      return { ...number, gt: Number(value) };
    case 'NUM_GTE':
      return { ...number, gte: Number(value) };
    case 'DATE_BEFORE':
      return { attribute: contextName, before: value };
    case 'DATE_AFTER':
      return { attribute: contextName, after: value };
    case 'SEMVER_EQ':
      return { attribute: contextName, semverEq: value };
    case 'SEMVER_LT':
      return { attribute: contextName, semverLt: value };
    case 'SEMVER_LTE':
      return { attribute: contextName, semverLte: value };
    case 'SEMVER_GT':
      return { attribute: contextName, semverGt: value };
    case 'SEMVER_GTE':
      return { attribute: contextName, semverGte: value };
    default:
      return NEVER;
  }
}

/** A lone address is a network of one; what is neither is left out. */
export function networksOf(texts: readonly string[]): string[] {
  const networks = texts.map((text) => (text.includes('/') ? text : `${text}/${isIPv6(text) ? 128 : 32}`));
  return networks.filter((text) => checkNetwork(text) === undefined);
}

export function listOf(text = ''): string[] {
  return text.split(',').map((part) => part.trim());
}

export function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
