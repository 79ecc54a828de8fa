import type { AttributeClause, Clause } from '../model/clause.js';
import type { Scalar } from '../model/values.js';

/** One condition of a list that all must hold: a single test of an attribute, or a clause of another kind as it stands. */
export type Atom = AttributeAtom | ClauseAtom;

interface AttributeAtom {
  readonly kind: 'attribute';
  readonly attribute: string;
  /** `in` stands for `equals` too, `notIn` for `notEquals`. */
  readonly test: string;
  /** What is wanted: the values of `in` and `notIn`, else one text for all of it. */
  readonly values: ReadonlySet<string>;
  readonly ignoreCase: boolean;
}

interface ClauseAtom {
  readonly kind: 'clause';
  /** The clause as text; two that say the same are equal. */
  readonly text: string;
  /** The conditions that must not all hold, where this is a `not`. */
  readonly negated: readonly Atom[] | undefined;
}

/** The conditions of a list of clauses, one by one. */
export function atomsOf(clauses: readonly Clause[]): readonly Atom[] {
  return clauses.flatMap((clause): readonly Atom[] => {
    if ('all' in clause) return atomsOf(clause.all);
    if ('attribute' in clause) return testsOf(clause);
    const negated = 'not' in clause ? atomsOf([clause.not]) : undefined;
    return [{ kind: 'clause', text: JSON.stringify(clause), negated }];
  });
}

/** True where the conditions hold for all for whom the others do. */
export function isImplied(conditions: readonly Atom[], by: readonly Atom[]): boolean {
  return conditions.every((condition) => by.some((other) => follows(condition, other)));
}

/** Why no caller meets all of the conditions, or undefined where some may. */
export function contradictionIn(atoms: readonly Atom[]): string | undefined {
  for (const one of atoms) {
    if (one.kind === 'clause') {
      if (one.negated !== undefined && isImplied(one.negated, atoms))
        return 'a clause must hold and not hold';
      continue;
    }
    for (const other of atoms) {
      const sentence = other.kind === 'attribute' ? contradiction(one, other) : undefined;
      if (sentence !== undefined) return sentence;
    }
  }
  return undefined;
}

function testsOf({ attribute, ignoreCase = false, ...tests }: AttributeClause): readonly AttributeAtom[] {
  return Object.entries(tests).map(([name, wanted]) => {
    const test = name === 'equals' ? 'in' : name === 'notEquals' ? 'notIn' : name;
    const isSet = test === 'in' || test === 'notIn';
    const values = (isSet ? [wanted].flat() : [wanted]) as readonly Scalar[];
    const texts = values.map((value) => comparable(JSON.stringify(value), ignoreCase));
    return { kind: 'attribute', attribute, test, values: new Set(texts), ignoreCase };
  });
}

function comparable(text: string, ignoreCase: boolean): string {
  return ignoreCase ? text.toLowerCase() : text;
}

function follows(condition: Atom, from: Atom): boolean {
  if (condition.kind === 'clause') return from.kind === 'clause' && condition.text === from.text;
  if (from.kind === 'clause' || !isOfSame(condition, from) || condition.test !== from.test) return false;
  return condition.test === 'notIn'
    ? isWithin(condition.values, from.values)
    : isWithin(from.values, condition.values);
}

/** What is wrong with both: on a list, too, where a positive test asks for some element and a negative one for none. */
function contradiction(one: AttributeAtom, other: AttributeAtom): string | undefined {
  const { attribute } = one;
  if (attribute !== other.attribute) return undefined;
  if (isAbsence(one) && !isAbsence(other)) return `attribute ${attribute} must be missing and pass a test`;
  const isRefused = one.test === 'in' && other.test === 'notIn' && isOfSame(one, other);
  return isRefused && isWithin(one.values, other.values)
    ? `attribute ${attribute} must be what it must not be`
    : undefined;
}

function isAbsence({ test, values }: AttributeAtom): boolean {
  return test === 'exists' && values.has('false');
}

function isOfSame(one: AttributeAtom, other: AttributeAtom): boolean {
  return one.attribute === other.attribute && one.ignoreCase === other.ignoreCase;
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return some.size <= all.size && [...some].every((value) => all.has(value));
}
