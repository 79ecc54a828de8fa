import { parseMoment } from '../evaluation/check.js';
import { compileOperator, type Operator, operatorsOf, type ValueTest } from '../evaluation/operators.js';
import type { AttributeClause, Clause } from '../model/clause.js';
import type { AttributeDeclarations } from '../model/project.js';
import type { Scalar } from '../model/values.js';

/**
 * Why no caller meets all of the clauses whose attributes are what the project declares; undefined where some may. Only an
 * attribute that is declared as one value counts: of a list each test may mean another element.
 */
export function scalarContradictionIn(
  clauses: readonly Clause[],
  declared: AttributeDeclarations,
): string | undefined {
  const testsOf = new Map<string, Test[]>();
  for (const { name, test } of testsIn(clauses)) {
    if (!Object.hasOwn(declared, name) || declared[name] === 'list') continue;
    testsOf.set(name, [...(testsOf.get(name) ?? []), test]);
  }
  for (const [name, tests] of testsOf) {
    if (tests.length < 2 || !isImpossible(tests)) continue;
    return `attribute ${name} cannot pass all of its tests as the one value that project.yaml declares`;
  }
  return undefined;
}

/** One test of a clause. */
interface Test {
  readonly clause: AttributeClause;
  readonly operator: Operator;
}

function testsIn(clauses: readonly Clause[]): readonly { readonly name: string; readonly test: Test }[] {
  return clauses.flatMap((clause) => {
    if ('all' in clause) return testsIn(clause.all);
    if (!('attribute' in clause)) return [];
    return operatorsOf(clause).map((operator) => ({
      name: clause.attribute,
      test: { clause, operator },
    }));
  });
}

function isImpossible(tests: readonly Test[]): boolean {
  const possible = valuesIn(tests);
  if (possible === undefined)
    return isEmpty(rangeOf(tests, readNumber)) || isEmpty(rangeOf(tests, readMoment));
  return !possible.values.some((value) => possible.passed.every((test) => test(value)));
}

/** The only values that may pass, and the tests that tell of each whether it does; undefined where no test lists them. */
function valuesIn(
  tests: readonly Test[],
): { readonly values: readonly Scalar[]; readonly passed: readonly ValueTest[] } | undefined {
  const exact = tests.find((test) => isListing(test) && !isFolded(test));
  if (exact !== undefined) return { values: listed(exact), passed: tests.map(compiled) };
  const folded = tests.find(isListing);
  if (folded === undefined) return undefined;
  // A text stands for all of its cases here, so that only a test that is blind to case tells of it.
  const values = listed(folded).map((value) => (typeof value === 'string' ? value.toLowerCase() : value));
  return { values, passed: tests.filter(isListingOrNot).filter(isFolded).map(compiled) };
}

function isListing({ operator }: Test): boolean {
  return operator === 'equals' || operator === 'in';
}

function isListingOrNot(test: Test): boolean {
  return isListing(test) || test.operator === 'notEquals' || test.operator === 'notIn';
}

function isFolded({ clause }: Test): boolean {
  return clause.ignoreCase === true;
}

function listed({ clause: { equals, in: wanted = [] }, operator }: Test): readonly Scalar[] {
  return operator === 'in' ? wanted : [equals ?? []].flat();
}

function compiled({ clause, operator }: Test): ValueTest {
  return compileOperator(clause, operator);
}

/** What limits a value on one side: the number, and whether the value may be the limit itself. */
interface Limit {
  readonly at: number;
  readonly isIn: boolean;
}

interface Range {
  readonly from: readonly Limit[];
  readonly to: readonly Limit[];
}

type ReadLimit = (test: Test) => (Limit & { readonly side: keyof Range }) | undefined;

function rangeOf(tests: readonly Test[], read: ReadLimit): Range {
  const limits = tests.flatMap((test) => read(test) ?? []);
  return {
    from: limits.filter(({ side }) => side === 'from'),
    to: limits.filter(({ side }) => side === 'to'),
  };
}

function readNumber({ clause: { lt, lte, gt, gte }, operator }: Test): ReturnType<ReadLimit> {
  if (operator === 'lt' && lt !== undefined) return { side: 'to', at: lt, isIn: false };
  if (operator === 'lte' && lte !== undefined) return { side: 'to', at: lte, isIn: true };
  if (operator === 'gt' && gt !== undefined) return { side: 'from', at: gt, isIn: false };
  if (operator === 'gte' && gte !== undefined) return { side: 'from', at: gte, isIn: true };
  return undefined;
}

function readMoment({ clause: { before, after }, operator }: Test): ReturnType<ReadLimit> {
  const at = parseMoment(operator === 'before' ? before : operator === 'after' ? after : undefined);
  return at === undefined ? undefined : { side: operator === 'before' ? 'to' : 'from', at, isIn: false };
}

function isEmpty({ from, to }: Range): boolean {
  return from.some((low) =>
    to.some((high) => low.at > high.at || (low.at === high.at && !(low.isIn && high.isIn))),
  );
}
