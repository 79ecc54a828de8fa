import type { AttributeClause, Clause } from '../../model/clause.js';
import type { JsonValue } from '../../model/values.js';
import { textOf } from './words.js';

/** Clauses that must all hold, in words and whole: `country equals DE and plan in pro, enterprise`. */
export function clausesText(clauses: readonly Clause[]): string {
  return clauses.map(clauseText).join(' and ');
}

/** One clause in words, whole. Different clauses give different words. */
function clauseText(clause: Clause): string {
  if ('all' in clause) return `(${clausesText(clause.all)})`;
  if ('any' in clause) return `(${clause.any.map(clauseText).join(' or ')})`;
  if ('not' in clause) return `not ${inBrackets(clauseText(clause.not))}`;
  if ('segment' in clause) return `in segment ${textOf(clause.segment)}`;
  if ('flag' in clause) return `flag ${textOf(clause.flag)} gives ${textOf(clause.variant ?? 'on')}`;
  return attributeText(clause);
}

type Test = Exclude<keyof AttributeClause, 'attribute' | 'ignoreCase'>;

/** What stands between the attribute and what it is compared with. */
const TEST_WORDS: Readonly<Record<Test, string>> = {
  equals: 'equals',
  notEquals: 'is not',
  in: 'in',
  notIn: 'not in',
  contains: 'contains',
  notContains: 'does not contain',
  startsWith: 'starts with',
  endsWith: 'ends with',
  matches: 'matches',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  before: 'before',
  after: 'after',
  semverEq: '= version',
  semverLt: '< version',
  semverLte: '≤ version',
  semverGt: '> version',
  semverGte: '≥ version',
  semverRange: 'in version range',
  exists: 'exists',
  cidr: 'in network',
  includesAny: 'includes any of',
  includesAll: 'includes all of',
};

function attributeText({ attribute, ignoreCase, ...tests }: AttributeClause): string {
  const words = Object.entries(tests).map(([test, wanted]) => testText(test, wanted));
  return `${textOf(attribute)} ${words.join(' and ')}${ignoreCase === true ? ' in any case' : ''}`;
}

/** `test` is one of the names in the table: the file has the shape of the schema. */
function testText(test: string, wanted: JsonValue): string {
  if (test === 'exists') return wanted === true ? 'exists' : 'is missing';
  const values = Array.isArray(wanted) ? wanted.map(textOf).join(', ') : textOf(wanted);
  return `${TEST_WORDS[test as Test]} ${values}`;
}

function inBrackets(text: string): string {
  return text.startsWith('(') ? text : `(${text})`;
}
