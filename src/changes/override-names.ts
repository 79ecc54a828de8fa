import { comparable } from '../evaluation/names.js';
import type { Edit } from '../files/edit.js';
import { Failure } from '../model/failure.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import { valueAt } from './apply-edits.js';
import type { OverrideName } from './change.js';

/** True where the entry of an overrides file has the name, and counts in the environment where one is asked for. */
function isNamed(entry: JsonValue, wanted: OverrideName): boolean {
  if (!namesIn(entry, listOf(wanted)).some((name) => isSameName(name, wanted))) return false;
  const environments = environmentsIn(entry);
  return (
    wanted.environment === undefined ||
    environments === undefined ||
    environments.includes(wanted.environment)
  );
}

/** The entry of one name, of which edits are meant, and what makes it. */
export interface OwnEntry {
  /** What it says before the edits. */
  readonly entry: JsonValue;
  /** Its place in the list. */
  readonly place: number;
  /** Splits it off, to stand right behind what is left, with what it says then; empty where it is the name's alone already. */
  readonly splitOff: (edited: JsonValue) => readonly Edit[];
}

/**
 * Of each entry that has the name, the part which is the name's alone, in the environment that is given: others go on as
 * they were. Last entry first, like the edits of `deletionEdits`.
 */
export function ownEntries(
  entries: readonly JsonValue[],
  wanted: OverrideName,
  all: readonly string[] | undefined,
): readonly OwnEntry[] {
  return [...entries.entries()]
    .filter(([, entry]) => isNamed(entry, wanted))
    .reverse()
    .map(([place, entry]) => {
      const rest = otherEnvironments(entry, wanted, all);
      if (rest.length === 0 && countNames(entry) === 1) return { entry, place, splitOff: () => [] };
      const environments = wanted.environment === undefined ? environmentsIn(entry) : [wanted.environment];
      const splitOff = (edited: JsonValue): readonly Edit[] => [
        { at: [place + 1], insert: edited },
        ...withoutOwn(entry, place, { wanted, rest }),
      ];
      return { entry: onlyName(entry as JsonObject, wanted, environments), place, splitOff };
    });
}

/**
 * The edits that take a name out of the entries, last entry first, so that no place moves before it is used. An entry
 * that covers more than the environment goes on for the others; the name alone, where the entry names others as well.
 * `all` are the project's environments: an entry that lists none is for them.
 */
export function deletionEdits(
  entries: readonly JsonValue[],
  wanted: OverrideName,
  all: readonly string[] | undefined,
): readonly Edit[] {
  return [...entries.entries()]
    .filter(([, entry]) => isNamed(entry, wanted))
    .reverse()
    .flatMap(([place, entry]) => {
      return withoutOwn(entry, place, { wanted, rest: otherEnvironments(entry, wanted, all) });
    });
}

interface OwnPart {
  readonly wanted: OverrideName;
  /** Where else the entry counts for the name. */
  readonly rest: readonly string[];
}

/** The edits of one entry that leave the name only the other environments. */
function withoutOwn(entry: JsonValue, place: number, { wanted, rest }: OwnPart): readonly Edit[] {
  if (rest.length === 0) return withoutName(entry, place, wanted);
  if (countNames(entry) === 1) return narrowed(entry, place, { wanted, rest });
  const own = onlyName(entry as JsonObject, wanted, rest);
  return [{ at: [place + 1], insert: own }, ...withoutName(entry, place, wanted)];
}

type NameList = 'users' | 'companies';

function listOf({ kind }: OverrideName): NameList {
  return kind === 'user' ? 'users' : 'companies';
}

function isSameName(name: string, wanted: OverrideName): boolean {
  if (wanted.kind === 'company') return name === wanted.name;
  return comparable(name) === comparable(wanted.name);
}

function namesIn(entry: JsonValue, list: NameList): readonly string[] {
  const names = valueAt(entry, [list]);
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

function environmentsIn(entry: JsonValue): readonly string[] | undefined {
  const environments = valueAt(entry, ['environments']);
  return Array.isArray(environments) ? environments.filter((key) => typeof key === 'string') : undefined;
}

function countNames(entry: JsonValue): number {
  return namesIn(entry, 'users').length + namesIn(entry, 'companies').length;
}

/** Where the entry still counts when it no longer does in the one that is asked for. Throws FILE_BROKEN where nobody can tell. */
function otherEnvironments(
  entry: JsonValue,
  { environment }: OverrideName,
  all: readonly string[] | undefined,
): readonly string[] {
  if (environment === undefined) return [];
  const covered = environmentsIn(entry) ?? all;
  if (covered !== undefined) return covered.filter((key) => key !== environment);
  const sentence = `the project's environments cannot be read, so nobody knows where else the override counts`;
  throw new Failure('conflict', 'FILE_BROKEN', sentence);
}

/** The name goes; with the last name the entry does. */
function withoutName(entry: JsonValue, place: number, wanted: OverrideName): readonly Edit[] {
  const list = listOf(wanted);
  const names = namesIn(entry, list);
  const kept = names.filter((name) => !isSameName(name, wanted));
  if (kept.length > 0) {
    return [...names.entries()]
      .filter(([, name]) => isSameName(name, wanted))
      .reverse()
      .map(([index]) => ({ at: [place, list, index], remove: true }) as const);
  }
  return [{ at: countNames(entry) === names.length ? [place] : [place, list], remove: true }];
}

function narrowed(entry: JsonValue, place: number, to: OwnPart): readonly Edit[] {
  const index = environmentsIn(entry)?.indexOf(to.wanted.environment ?? '');
  if (index === undefined) return [{ at: [place, 'environments'], set: to.rest }];
  return [{ at: [place, 'environments', index], remove: true }];
}

/** The entry for one of its names, in these environments; undefined is all. */
function onlyName(
  entry: JsonObject,
  wanted: OverrideName,
  environments: readonly string[] | undefined,
): JsonValue {
  const { users: _, companies: __, environments: ___, ...facts } = entry;
  const names = namesIn(entry, listOf(wanted)).filter((name) => isSameName(name, wanted));
  return { [listOf(wanted)]: names, ...(environments === undefined ? {} : { environments }), ...facts };
}
