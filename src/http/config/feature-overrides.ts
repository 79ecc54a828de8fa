import type { Change, OverrideName } from '../../changes/change.js';
import type { Edit } from '../../files/edit.js';
import { Failure } from '../../model/failure.js';
import type { OverrideEntry } from '../../model/override.js';
import { readPeople } from '../admin/segments-body.js';
import { type Fields, placeOf } from '../json-fields.js';
import { accessVariant, givesAccess } from './allowed.js';
import type { FeatureNow } from './feature-write.js';
import { allowedNames, comparableAs, entryOf, isCurrent, type NamedKind } from './names.js';

/** Seed 002's names for those who always have access. */
export const OVERRIDE_FIELDS = { userOverrides: 'user', companyOverrides: 'company' } as const;

type OverrideField = keyof typeof OVERRIDE_FIELDS;

/**
 * What is to change in the overrides so that exactly the names of the two lists have access in the environment. Names that
 * stay are not touched, whatever their entries say besides; those that go lose this environment alone; those that come
 * stand in one entry of their own. A name whose entry has ended gets that entry again, without an end. Throws `Failure`
 * OVERRIDE_EXISTS for a name that somebody gave something else, and NO_ACCESS_VARIANT.
 */
export function changesOfOverrides(fields: Fields, now: FeatureNow): readonly Change[] {
  const lists = (Object.keys(OVERRIDE_FIELDS) as OverrideField[]).map((field) =>
    differenceOf(field, fields, now),
  );
  const place = { project: now.project, flag: now.key };
  const removed = lists.flatMap((list) => list.removed);
  return [
    ...additions(
      lists.flatMap((list) => list.added),
      now,
    ),
    ...lists
      .flatMap((list) => list.ended)
      .map((ended): Change => {
        return { kind: 'override.update', ...place, name: ended.name, edits: renewal(ended.entry, now) };
      }),
    ...(removed.length === 0 ? [] : [{ kind: 'override.delete', ...place, names: removed } as const]),
  ];
}

interface ListDifference {
  readonly added: readonly OverrideName[];
  readonly removed: readonly OverrideName[];
  readonly ended: readonly { readonly name: OverrideName; readonly entry: OverrideEntry }[];
}

const UNCHANGED: ListDifference = { added: [], removed: [], ended: [] };

function differenceOf(field: OverrideField, fields: Fields, now: FeatureNow): ListDifference {
  const sent = readPeople(fields, field);
  if (sent === undefined) return UNCHANGED;
  const kind = OVERRIDE_FIELDS[field];
  const wanted = byComparable(kind, sent);
  const allowed = byComparable(kind, allowedNames(kind, now));
  const missing = [...wanted].filter(([compared]) => !allowed.has(compared)).map(([, name]) => name);
  const entries = missing.map((name) => ({ name, entry: entryOf(name, kind, now) }));
  const as = (name: string): OverrideName => ({ kind, name, environment: now.environment });
  for (const { name, entry } of entries) {
    if (entry !== undefined && isCurrent(entry, now.now))
      throw otherOverride(placeOf(fields, field), name, now);
  }
  return {
    added: entries.flatMap(({ name, entry }) => (entry === undefined ? [as(name)] : [])),
    removed: [...allowed].filter(([compared]) => !wanted.has(compared)).map(([, name]) => as(name)),
    ended: entries.flatMap(({ name, entry }) => (entry === undefined ? [] : [{ name: as(name), entry }])),
  };
}

/** The names by what is compared of them; of two that are the same, the first. */
function byComparable(kind: NamedKind, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    [...names]
      .reverse()
      .map((name) => [comparableAs(kind, name), name] as const)
      .reverse(),
  );
}

function additions(names: readonly OverrideName[], now: FeatureNow): readonly Change[] {
  if (names.length === 0) return [];
  const users = names.filter(({ kind }) => kind === 'user').map(({ name }) => name);
  const companies = names.filter(({ kind }) => kind === 'company').map(({ name }) => name);
  const variant = accessVariantOf(now);
  const entry: OverrideEntry = {
    ...(users.length === 0 ? {} : { users }),
    ...(companies.length === 0 ? {} : { companies }),
    environments: [now.environment],
    ...(variant === 'on' ? {} : { serve: variant }),
  };
  return [{ kind: 'override.create', project: now.project, flag: now.key, entry }];
}

function renewal({ serve }: OverrideEntry, now: FeatureNow): readonly Edit[] {
  const endless: Edit = { at: ['until'], remove: true };
  if (givesAccess(now.file, serve)) return [endless];
  const variant = accessVariantOf(now);
  return [endless, variant === 'on' ? { at: ['serve'], remove: true } : { at: ['serve'], set: variant }];
}

/** The variant that gives access. Throws `Failure` NO_ACCESS_VARIANT where the flag has none. */
export function accessVariantOf({ key, file }: Pick<FeatureNow, 'key' | 'file'>): string {
  const variant = accessVariant(file);
  if (variant !== undefined) return variant;
  const sentence = `flag ${key}: has no variant that is access, neither one that is true nor one that is called on`;
  throw new Failure('conflict', 'NO_ACCESS_VARIANT', sentence);
}

function otherOverride(place: string, name: string, { environment }: FeatureNow): Failure {
  const sentence = `${place}: ${JSON.stringify(name)} has an override in ${environment} that gives something else; take that out first`;
  return new Failure('conflict', 'OVERRIDE_EXISTS', sentence);
}
