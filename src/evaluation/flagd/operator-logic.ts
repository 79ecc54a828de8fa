import type { AttributeClause } from '../../model/clause.js';
import type { Scalar } from '../../model/values.js';
import { type Operator, operatorsOf } from '../operators.js';
import { isAscii } from './ascii.js';
import { readAttribute } from './attribute-logic.js';
import type { Refuse } from './inexpressible.js';
import { allOf, anyOf, ELEMENT, isSame, type Logic, not } from './logic.js';
import {
  elementsOf,
  endsWith,
  IS_TEXT_ELEMENT,
  isList,
  isNumber,
  isText,
  isThere,
  someElement,
  startsWith,
} from './value-logic.js';

/** The logic of a clause on an attribute: all its tests pass. */
export function attributeLogic(clause: AttributeClause, refuse: Refuse): Logic {
  const value = readAttribute(clause.attribute, refuse);
  if (clause.ignoreCase === true) refuse('ignoreCase', 'flagd always compares text with its case');
  const asked = { name: clause.attribute, value, refuse };
  return allOf(operatorsOf(clause).map((operator) => testLogic(clause, operator, asked)));
}

/** The attribute that is tested. */
interface Asked {
  readonly name: string;
  readonly value: Logic;
  readonly refuse: Refuse;
}

type Operand<Op extends Operator> = NonNullable<AttributeClause[Op]>;

function testLogic<Op extends Operator>(clause: AttributeClause, operator: Op, asked: Asked): Logic {
  const expression = EXPRESSIONS[operator];
  if (typeof expression === 'string') return asked.refuse(operator, expression);
  return expression(clause[operator] as Operand<Op>, asked);
}

/** How a test is written, or why it cannot be. */
type Expression<Op extends Operator> = string | ((operand: Operand<Op>, asked: Asked) => Logic);

const NO_VERSIONS =
  "flagd's sem_ver does not look into lists, and takes other texts for versions (2.4-beta, numbers, spaces)";
const NO_MOMENTS = 'flagd reads no times in attributes';

/** A positive test passes where some element of a list passes, as `operators.ts` has it. */
const EXPRESSIONS: { readonly [Op in Operator]: Expression<Op> } = {
  equals: (wanted, { value }) => isOrHas(value, wanted),
  notEquals: (wanted, { value }) => allOf([isThere(value), not(isOrHas(value, wanted))]),
  in: (wanted, { value }) => isAmong(value, wanted),
  notIn: (wanted, { value }) => allOf([isThere(value), not(isAmong(value, wanted))]),
  contains: (part, asked) => containsLogic(part, asked),
  notContains: (part, asked) => {
    const { name, value } = asked;
    return allOf([anyOf([isText(name), isList(value)]), not(containsLogic(part, asked))]);
  },
  startsWith: (start, asked) =>
    onText(asked, startsWith(asked.name, start), () => {
      return isSame({ substr: [ELEMENT, 0, asciiLength('startsWith', start, asked)] }, start);
    }),
  endsWith: (end, asked) =>
    onText(asked, endsWith(asked.name, end), () => {
      const length = asciiLength('endsWith', end, asked);
      return length === 0 || isSame({ substr: [ELEMENT, -length] }, end);
    }),
  lt: (limit, { value }) => compared(value, '<', limit),
  lte: (limit, { value }) => compared(value, '<=', limit),
  gt: (limit, { value }) => compared(value, '>', limit),
  gte: (limit, { value }) => compared(value, '>=', limit),
  exists: (wanted, { value }) => (wanted ? isThere(value) : not(isThere(value))),
  includesAny: (wanted, { value }) => allOf([isList(value), isAmong(value, wanted)]),
  includesAll: (wanted, { value }) => allOf([isList(value), ...wanted.map((one) => ({ in: [one, value] }))]),
  matches: 'flagd has no regular expressions',
  cidr: 'flagd has no networks',
  before: NO_MOMENTS,
  after: NO_MOMENTS,
  semverEq: NO_VERSIONS,
  semverLt: NO_VERSIONS,
  semverLte: NO_VERSIONS,
  semverGt: NO_VERSIONS,
  semverGte: NO_VERSIONS,
  semverRange: NO_VERSIONS,
};

function isOrHas(value: Logic, wanted: Scalar): Logic {
  return { in: [wanted, elementsOf(value)] };
}

function isAmong(value: Logic, wanted: readonly Scalar[]): Logic {
  return someElement(value, { in: [ELEMENT, wanted] });
}

function compared(value: Logic, operation: '<' | '<=' | '>' | '>=', limit: number): Logic {
  return someElement(value, allOf([isNumber(ELEMENT), { [operation]: [ELEMENT, limit] }]));
}

function containsLogic(part: string, asked: Asked): Logic {
  const isIn = (value: Logic): Logic => part === '' || { in: [part, value] };
  return onText(asked, allOf([isText(asked.name), isIn(asked.value)]), () => isIn(ELEMENT));
}

/** A test on text: of the attribute, or of some element where it is a list. */
function onText({ value }: Asked, ofAttribute: Logic, ofElement: () => Logic): Logic {
  const test = allOf([IS_TEXT_ELEMENT, ofElement()]);
  return anyOf([ofAttribute, allOf([isList(value), { some: [value, test] }])]);
}

/** Implementations count the length of a text in units of their own; that of ASCII is one number. */
function asciiLength(operator: Operator, text: string, { refuse }: Asked): number {
  if (!isAscii(text)) refuse(operator, 'flagd cuts text that is not ASCII in units that differ');
  return text.length;
}
