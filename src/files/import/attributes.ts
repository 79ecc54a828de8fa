import type { AttributeClause, Clause } from '../../model/clause.js';
import type { AttributeDeclarations, AttributeTypeName } from '../../model/project.js';
import { unreachable } from '../../model/unreachable.js';
import type { Scalar } from '../../model/values.js';
import type { ImportedFile } from './imported.js';

/** The attributes that the files read, in order of their names; one that is compared as several types is left out. */
export function usedAttributes(files: readonly ImportedFile[]): AttributeDeclarations {
  const types = new Map<string, Set<AttributeTypeName>>();
  const add = (name: string, type: AttributeTypeName | undefined): void => {
    const known = types.get(name) ?? new Set();
    if (type !== undefined) known.add(type);
    types.set(name, known);
  };
  for (const file of files) for (const clause of clausesOf(file)) addClause(clause, add);
  const named = [...types].sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    named.flatMap(([name, found]) => {
      const [type = 'string', second] = found;
      return second === undefined && !KNOWN.has(name) ? [[name, type]] : [];
    }),
  );
}

/** Attributes that need no declaration. */
const KNOWN: ReadonlySet<string> = new Set(['targetingKey', 'userId', 'email', 'companyId']);

/** The clauses of a file's rules, or of a segment. */
export function clausesOf(file: ImportedFile): readonly Clause[] {
  switch (file.kind) {
    case 'flag':
      return Object.values(file.value.environments).flatMap(({ rules = [] }) =>
        rules.flatMap(({ when = [] }) => when),
      );
    case 'segment':
      return file.value.when ?? [];
    case 'overrides':
      return [];
    default:
      return unreachable(file);
  }
}

/** A clause, and all that are in it. */
export function* clausesIn(clause: Clause): Generator<Clause, void> {
  yield clause;
  if ('all' in clause) for (const one of clause.all) yield* clausesIn(one);
  if ('any' in clause) for (const one of clause.any) yield* clausesIn(one);
  if ('not' in clause) yield* clausesIn(clause.not);
}

function addClause(clause: Clause, add: (name: string, type: AttributeTypeName | undefined) => void): void {
  for (const one of clausesIn(clause)) if ('attribute' in one) add(one.attribute, typeIn(one));
}

function typeIn(clause: AttributeClause): AttributeTypeName | undefined {
  const { equals, notEquals, in: among = [], notIn = [] } = clause;
  const values = [equals, notEquals, ...among, ...notIn].filter((value) => value !== undefined);
  const [type, second] = new Set(values.map(typeOf));
  if (type !== undefined) return second === undefined ? type : undefined;
  return TYPES.find(([tests]) => tests.some((test) => clause[test] !== undefined))?.[1];
}

function typeOf(value: Scalar): 'string' | 'number' | 'boolean' {
  return typeof value as 'string' | 'number' | 'boolean';
}

const TYPES: readonly (readonly [readonly (keyof AttributeClause)[], AttributeTypeName])[] = [
  [['lt', 'lte', 'gt', 'gte'], 'number'],
  [['before', 'after'], 'date'],
  [['semverEq', 'semverLt', 'semverLte', 'semverGt', 'semverGte', 'semverRange'], 'semver'],
  [['includesAny', 'includesAll'], 'list'],
  [['contains', 'notContains', 'startsWith', 'endsWith', 'matches', 'cidr'], 'string'],
];
