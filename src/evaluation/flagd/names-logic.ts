import type { Names } from '../../model/segment.js';
import type { Exception, Exceptions } from '../compiled.js';
import type { Refuse } from './inexpressible.js';
import { allOf, anyOf, type Case, type Logic, variable } from './logic.js';

/** The logic that the caller is one of the users or companies. */
export function namesLogic(names: Names | undefined, refuse: Refuse): Logic {
  return anyOf([isUser(names?.users ?? [], refuse), isCompany(names?.companies ?? [])]);
}

/**
 * The cases of the exceptions: those of users first, then those of companies, each in file order. `variantOf` tells what
 * an exception gives.
 */
export function exceptionCases(
  { users, companies }: Exceptions,
  variantOf: (exception: Exception) => Logic,
  refuse: Refuse,
): readonly Case[] {
  return [
    ...casesOf(users, variantOf, (names) => isUser(names, refuse)),
    ...casesOf(companies, variantOf, isCompany),
  ];
}

/** One case for each entry of the file. */
function casesOf(
  exceptions: ReadonlyMap<string, Exception>,
  variantOf: (exception: Exception) => Logic,
  isNamed: (names: readonly string[]) => Logic,
): readonly Case[] {
  const byPlace = new Map<number, Exception[]>();
  for (const exception of exceptions.values()) {
    const others = byPlace.get(exception.place);
    if (others === undefined) byPlace.set(exception.place, [exception]);
    else others.push(exception);
  }
  const places = [...byPlace.entries()].sort(([one], [other]) => one - other);
  return places.flatMap(([, [first, ...others]]) => {
    if (first === undefined) return [];
    const when = allOf([isNamed([first, ...others].map(({ name }) => name)), isBefore(first.end)]);
    return [{ when, gives: variantOf(first) }];
  });
}

/** An entry ends with a day, so whole seconds are exact. */
function isBefore(end: number): Logic {
  return end === Number.POSITIVE_INFINITY || { '<': [variable('$flagd.timestamp'), end / 1000] };
}

function isUser(users: readonly string[], refuse: Refuse): Logic {
  if (users.some((user) => user.includes('@'))) {
    refuse('users', 'e-mail addresses compare without regard to case, and flagd always with it');
  }
  return anyOf(['userId', 'email', 'targetingKey'].map((attribute) => isOneOf(attribute, users)));
}

function isCompany(companies: readonly string[]): Logic {
  return isOneOf('companyId', companies);
}

function isOneOf(attribute: string, names: readonly string[]): Logic {
  return names.length > 0 && { in: [variable(attribute), names] };
}
