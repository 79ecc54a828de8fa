import { endOfDay } from '../../evaluation/moment.js';
import { comparable } from '../../evaluation/names.js';
import type { FlagFile } from '../../model/flag.js';
import type { EnvironmentKey } from '../../model/keys.js';
import type { OverrideEntry, OverridesFile } from '../../model/override.js';
import { givesAccess } from './allowed.js';

/** Whom a list of this dialect names: `userOverrides` or `companyOverrides`. */
export type NamedKind = 'user' | 'company';

/** A flag with its exceptions, at a moment. */
export interface ExceptionsNow {
  readonly file: FlagFile;
  readonly overrides: OverridesFile;
  readonly environment: EnvironmentKey;
  /** In epoch milliseconds. */
  readonly now: number;
}

/**
 * Who always has access in the environment, in file order: whom an entry that counts there gives it. Those whose entry
 * serves something else, or has ended, are no part of the list, so that no write of it loses what it cannot say.
 */
export function allowedNames(kind: NamedKind, exceptions: ExceptionsNow): readonly string[] {
  const { file, overrides, environment, now } = exceptions;
  return overrides
    .filter((entry) => isFor(entry, environment) && isCurrent(entry, now) && givesAccess(file, entry.serve))
    .flatMap((entry) => namesOf(entry, kind));
}

/** The entry of a name in the environment; a name has one at most. */
export function entryOf(
  name: string,
  kind: NamedKind,
  { overrides, environment }: ExceptionsNow,
): OverrideEntry | undefined {
  const wanted = comparableAs(kind, name);
  const isNamed = (each: string) => comparableAs(kind, each) === wanted;
  return overrides.find((entry) => isFor(entry, environment) && namesOf(entry, kind).some(isNamed));
}

/** An entry counts until the end of its last day. */
export function isCurrent({ until }: OverrideEntry, now: number): boolean {
  return until === undefined || now < (endOfDay(until) ?? 0);
}

/** What to compare of a name: of a user's address without regard to case. */
export function comparableAs(kind: NamedKind, name: string): string {
  return kind === 'user' ? comparable(name) : name;
}

function namesOf({ users = [], companies = [] }: OverrideEntry, kind: NamedKind): readonly string[] {
  return kind === 'user' ? users : companies;
}

function isFor({ environments }: OverrideEntry, environment: EnvironmentKey): boolean {
  return environments === undefined || environments.includes(environment);
}
