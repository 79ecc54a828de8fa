import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { OverrideEntry, OverridesFile } from '../model/override.js';
import type { JsonValue } from '../model/values.js';
import { endOfDay } from './moment.js';
import { comparable } from './names.js';
import type { Outcomes } from './outcome.js';

/** Who has an exception, by name. */
export interface Exceptions {
  readonly users: ReadonlyMap<string, Exception>;
  readonly companies: ReadonlyMap<string, Exception>;
}

/** One name in one entry. */
export interface Exception {
  /** As the file has it. */
  readonly name: string;
  readonly entry: OverrideEntry;
  /** The entry's place in the file. */
  readonly place: number;
  /** The first moment at which it no longer counts, in epoch milliseconds. */
  readonly end: number;
  /** The next entry with the same name. */
  readonly next: Exception | undefined;
  /** Made at the first need: a file may hold thousands of names. */
  answer: Evaluation | undefined;
}

/** The exceptions of each environment, or undefined where there are none. Entries for all environments are kept once. */
export function exceptionsOf(entries: OverridesFile): (environment: string) => Exceptions | undefined {
  if (entries.some((entry) => entry.environments !== undefined)) {
    return (environment) => compileExceptions(entries, environment);
  }
  const common = compileExceptions(entries, undefined);
  return () => common;
}

/** `environment` is undefined where all entries are for all environments. */
function compileExceptions(entries: OverridesFile, environment: string | undefined): Exceptions | undefined {
  const users = new Map<string, Exception>();
  const companies = new Map<string, Exception>();
  for (const [place, entry] of [...entries.entries()].reverse()) {
    if (!isFor(entry, environment)) continue;
    const end = entry.until === undefined ? Number.POSITIVE_INFINITY : (endOfDay(entry.until) ?? 0);
    const add = (to: Map<string, Exception>, key: string, name: string) =>
      to.set(key, { name, entry, place, end, next: to.get(key), answer: undefined });
    for (const name of entry.users ?? []) add(users, comparable(name), name);
    for (const name of entry.companies ?? []) add(companies, name, name);
  }
  return users.size + companies.size === 0 ? undefined : { users, companies };
}

function isFor({ environments }: OverrideEntry, environment: string | undefined): boolean {
  return environments === undefined || environment === undefined || environments.includes(environment);
}

/** The exception that counts for the caller: a user's beats a company's, then the earlier in the file. */
export function findException(
  { users, companies }: Exceptions,
  { userId, email, targetingKey, companyId }: EvaluationContext,
  now: number,
): Exception | undefined {
  const byUser =
    users.size === 0
      ? undefined
      : earlier(
          earlier(exceptionOf(users, userId, now), exceptionOf(users, email, now)),
          exceptionOf(users, targetingKey, now),
        );
  if (byUser !== undefined || typeof companyId !== 'string') return byUser;
  return current(companies.get(companyId), now);
}

/** The exception's answer: its variant, `on` where it names none. */
export function answerOfException(exception: Exception, outcomes: Outcomes): Evaluation {
  const { serve } = exception.entry;
  exception.answer ??= outcomes(serve === undefined ? 'on' : serve, 'TARGETING_MATCH', {
    by: 'override',
    name: exception.name,
  });
  return exception.answer;
}

function exceptionOf(
  users: Exceptions['users'],
  name: JsonValue | undefined,
  now: number,
): Exception | undefined {
  return typeof name === 'string' ? current(users.get(comparable(name)), now) : undefined;
}

function earlier(one: Exception | undefined, other: Exception | undefined): Exception | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.place < one.place ? other : one;
}

/** The first in the chain that has not ended. */
function current(exception: Exception | undefined, now: number): Exception | undefined {
  let candidate = exception;
  while (candidate !== undefined && candidate.end <= now) candidate = candidate.next;
  return candidate;
}
