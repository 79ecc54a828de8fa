import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { OverrideEntry, OverridesFile } from '../model/override.js';
import type { JsonValue } from '../model/values.js';
import type { Exception, Exceptions } from './compiled.js';
import { endOfDay } from './moment.js';
import { comparable } from './names.js';
import { give, type Outcomes } from './outcome.js';

/** The exceptions of each environment, or undefined where there are none. Entries for all environments are kept once. */
export function exceptionsOf(entries: OverridesFile): (environment: string) => Exceptions | undefined {
  if (entries.length === 0) return noExceptions;
  if (entries.some((entry) => entry.environments !== undefined)) {
    return (environment) => compileExceptions(entries, environment);
  }
  const common = compileExceptions(entries, undefined);
  return () => common;
}

function noExceptions(): undefined {
  return undefined;
}

/** `environment` is undefined where all entries are for all environments. No name stands twice for one environment. */
function compileExceptions(entries: OverridesFile, environment: string | undefined): Exceptions | undefined {
  const users = new Map<string, Exception>();
  const companies = new Map<string, Exception>();
  for (const [place, entry] of entries.entries()) {
    if (!isFor(entry, environment)) continue;
    const end = entry.until === undefined ? Number.POSITIVE_INFINITY : (endOfDay(entry.until) ?? 0);
    for (const name of entry.users ?? []) {
      users.set(comparable(name), { name, entry, place, end, answer: undefined });
    }
    for (const name of entry.companies ?? []) {
      companies.set(name, { name, entry, place, end, answer: undefined });
    }
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
  const decider = { by: 'override', name: exception.name } as const;
  exception.answer ??= give(outcomes(serve === undefined ? 'on' : serve, 'TARGETING_MATCH', decider));
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

/** Undefined once it has ended. */
function current(exception: Exception | undefined, now: number): Exception | undefined {
  return exception !== undefined && now < exception.end ? exception : undefined;
}
