import { isSame } from '../../changes/difference/same.js';
import type { Edit } from '../../files/edit.js';
import type { Names, SegmentFile } from '../../model/segment.js';
import type { JsonValue } from '../../model/values.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readList,
  readSwitch,
  readText,
  refuseUnwritable,
} from '../json-fields.js';
import { readConditionsIn } from './conditions.js';
import { asWritten } from './written-clauses.js';

/** The fields that `readSegment` reads. */
export const SEGMENT_FIELDS = [
  'name',
  'description',
  'isActive',
  'includedUsers',
  'excludedUsers',
  'includedCompanies',
  'excludedCompanies',
  'operator',
  'conditions',
] as const;

const NAME_LENGTH = { to: 200 };
const DESCRIPTION_LENGTH = { to: 2_000 };
const MOST_NAMES = 100_000;
const MOST_CHARACTERS = 320;

/**
 * What the fields ask of a segment: what they leave out is as `now` has it, null is nothing. A name that is the key is
 * none. Throws a `Failure` of kind `invalid` that names the place.
 */
export function readSegment(fields: Fields, key: string, now: SegmentFile = {}): SegmentFile {
  const name = readWords(fields, 'name', NAME_LENGTH) ?? now.name ?? '';
  const description = readWords(fields, 'description', DESCRIPTION_LENGTH) ?? now.description ?? '';
  const isActive = readSwitch(fields, 'isActive') ?? now.active !== false;
  const include = readNames(fields, INCLUDED, now.include);
  const exclude = readNames(fields, EXCLUDED, now.exclude);
  const when = readConditionsIn(fields, now.when) ?? now.when ?? [];
  return {
    ...(name === '' || (name === key && now.name === undefined) ? {} : { name }),
    ...(description === '' ? {} : { description }),
    ...(isActive ? {} : { active: false }),
    ...(include && { include }),
    ...(exclude && { exclude }),
    ...(when.length === 0 ? {} : { when }),
  };
}

/** What is to be edited in a segment's file so that it says something else, field by field and name by name. */
export function editsOfSegment(now: SegmentFile, wanted: SegmentFile): readonly Edit[] {
  return [
    ...editOf(['name'], now.name || undefined, wanted.name),
    ...editOf(['description'], now.description || undefined, wanted.description),
    ...((now.active === false) === (wanted.active === false)
      ? []
      : [{ at: ['active'], set: wanted.active !== false }]),
    ...editsOfNames('include', now.include, wanted.include),
    ...editsOfNames('exclude', now.exclude, wanted.exclude),
    ...editOf(['when'], now.when, asWritten(wanted.when, now.when)),
  ];
}

/** The fields of the names that a file has below `include` and `exclude`. */
interface NameFields {
  readonly users: string;
  readonly companies: string;
}

const INCLUDED: NameFields = { users: 'includedUsers', companies: 'includedCompanies' };
const EXCLUDED: NameFields = { users: 'excludedUsers', companies: 'excludedCompanies' };

function readWords(fields: Fields, name: string, length: { readonly to: number }): string | undefined {
  return fieldOf(fields, name) === null ? '' : readText(fields, name, length);
}

function readNames(fields: Fields, names: NameFields, now: Names = {}): Names | undefined {
  const users = readPeople(fields, names.users) ?? now.users ?? [];
  const companies = readPeople(fields, names.companies) ?? now.companies ?? [];
  if (users.length === 0 && companies.length === 0) return undefined;
  return { ...(users.length === 0 ? {} : { users }), ...(companies.length === 0 ? {} : { companies }) };
}

/** A list of names; null is nobody, and undefined where it is left out. Throws a `Failure` of kind `invalid` that names the place. */
export function readPeople(fields: Fields, name: string): readonly string[] | undefined {
  if (fieldOf(fields, name) === null) return [];
  const list = readList(fields, name, { from: 0, to: MOST_NAMES });
  return list?.map((item, index) => {
    const place = `${placeOf(fields, name)}[${index}]`;
    if (typeof item !== 'string' || item === '' || item.length > MOST_CHARACTERS) {
      throw invalidAt(place, `wanted text of 1 to ${MOST_CHARACTERS} characters`);
    }
    refuseUnwritable(item, place);
    return item;
  });
}

function editsOfNames(
  list: 'include' | 'exclude',
  now: Names | undefined,
  wanted: Names | undefined,
): readonly Edit[] {
  if (wanted === undefined) return isNobody(now) ? [] : [{ at: [list], remove: true }];
  return (['users', 'companies'] as const).flatMap((kind) =>
    editOf([list, kind], emptyAsNone(now?.[kind]), wanted[kind]),
  );
}

function isNobody(names: Names | undefined): boolean {
  return (names?.users ?? []).length === 0 && (names?.companies ?? []).length === 0;
}

function emptyAsNone(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.length === 0 ? undefined : list;
}

function editOf(at: readonly string[], now: unknown, wanted: unknown): readonly Edit[] {
  if (isSame(now, wanted)) return [];
  return [wanted === undefined ? { at, remove: true } : { at, set: wanted as JsonValue }];
}
