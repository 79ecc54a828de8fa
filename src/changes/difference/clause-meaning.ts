import { parseMoment } from '../../evaluation/check.js';
import type { AttributeClause, Clause } from '../../model/clause.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import { identityOf } from './same.js';

/** A text that two lists of clauses share where they hold for the same callers by the way they are written: order, doubles and defaults aside. */
export function clausesIdentity(clauses: readonly Clause[]): string {
  return identityOf(asSet(clauses.map(clauseMeaning)));
}

/** A text that two clauses share where they say the same. */
export function clauseIdentity(clause: Clause): string {
  return identityOf(clauseMeaning(clause));
}

function clauseMeaning(clause: Clause): JsonValue {
  if ('all' in clause) return { all: asSet(clause.all.map(clauseMeaning)) };
  if ('any' in clause) return { any: asSet(clause.any.map(clauseMeaning)) };
  if ('not' in clause) return { not: clauseMeaning(clause.not) };
  if ('segment' in clause) return { segment: clause.segment };
  if ('flag' in clause) return { flag: clause.flag, variant: clause.variant ?? 'on' };
  return attributeMeaning(clause);
}

/** What is not here is compared as it is written. */
function attributeMeaning(clause: AttributeClause): JsonObject {
  const { before, after, cidr, ignoreCase, ...tests } = clause;
  const { in: oneOf, notIn, includesAny, includesAll, ...plain } = tests;
  return {
    ...plain,
    ...(ignoreCase === true ? { ignoreCase } : {}),
    ...setIn({ in: oneOf, notIn, includesAny, includesAll }),
    ...setIn({ cidr: typeof cidr === 'string' ? [cidr] : cidr }),
    ...(before === undefined ? {} : { before: momentMeaning(before) }),
    ...(after === undefined ? {} : { after: momentMeaning(after) }),
  };
}

/** The same moment can be written with another offset, or as a number. */
export function momentMeaning(moment: string | number): string | number {
  return parseMoment(moment) ?? moment;
}

function setIn(lists: Readonly<Record<string, readonly JsonValue[] | undefined>>): JsonObject {
  const there = Object.entries(lists).flatMap(([test, list]) =>
    list === undefined ? [] : [[test, asSet(list)] as const],
  );
  return Object.fromEntries(there);
}

/** A list in which neither order nor doubles count. */
export function asSet(list: readonly JsonValue[]): readonly JsonValue[] {
  const byIdentity = new Map(list.map((item) => [identityOf(item), item]));
  return [...byIdentity.keys()].sort().map((identity) => byIdentity.get(identity) ?? null);
}
