import { isSame } from '../../changes/difference/same.js';
import type { Edit } from '../../files/edit.js';
import { type FlagFile, type FlagType, flagType } from '../../model/flag.js';
import type { FlatMetadata, JsonValue } from '../../model/values.js';
import { isObject } from '../body.js';
import { STATUSES } from '../feature-flag-list.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readList,
  readObjectAt,
  readSwitch,
  readText,
  readWord,
  refuseUnwritable,
} from '../json-fields.js';
import { type ShownFacts, shownFacts } from './flags-shape.js';
import { readVariants } from './flags-variants.js';
import { readVariant } from './rules-serve.js';

/** The fields of a flag's file that `readFlag` reads, in the order in which a new file has them. */
export const FLAG_FIELDS = [
  'name',
  'description',
  'type',
  'owner',
  'status',
  'tags',
  'expires',
  'client',
  'metadata',
  'salt',
  'bucketBy',
  'variants',
  'offVariant',
] as const satisfies readonly (keyof ShownFacts & keyof FlagFile)[];

export const FLAG_TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object'];

/** A flag of which nothing is said. */
const NOTHING: FlagFile = { environments: {} };

/**
 * What the fields ask of a flag: what they leave out, and what they say as it is shown, is as `now` has it; null is
 * nothing. Throws a `Failure` of kind `invalid` that names the place.
 */
export function readFlag(fields: Fields, key: string, now: FlagFile = NOTHING): FlagFile {
  const shown = shownFacts(key, now);
  const type = fieldOf(fields, 'type') === null ? 'boolean' : readWord(fields, 'type', FLAG_TYPES);
  const facts = FLAG_FIELDS.map((name) => {
    const sent = fieldOf(fields, name);
    if (sent === null) return [name, undefined] as const;
    const value = READERS[name](fields, name, type ?? flagType(now));
    return [name, sent === undefined || isSame(sent, shown[name]) ? now[name] : given(value)] as const;
  });
  const all = Object.entries({ ...now, ...Object.fromEntries(facts) });
  const wanted = Object.fromEntries(all.filter(([, value]) => value !== undefined)) as unknown as FlagFile;
  if (fieldOf(fields, 'offVariant') !== null) readVariant(fields, 'offVariant', wanted);
  return wanted;
}

/** What is to be edited in a flag's file so that it says something else of itself, field by field. */
export function editsOfFlag(now: FlagFile, wanted: FlagFile): readonly Edit[] {
  return FLAG_FIELDS.filter((name) => !isSame(now[name], wanted[name])).map((name): Edit => {
    const value = wanted[name];
    return value === undefined ? { at: [name], remove: true } : { at: [name], set: value as JsonValue };
  });
}

type Reader = (fields: Fields, name: string, type: FlagType) => unknown;

const MOST_TAGS = 100;
const MOST_FACTS = 100;
const TAG_LENGTH = 100;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const readWords: Reader = (fields, name) => readText(fields, name, { to: 200 });

const READERS: Readonly<Record<(typeof FLAG_FIELDS)[number], Reader>> = {
  name: readWords,
  description: (fields, name) => readText(fields, name, { to: 2_000 }),
  type: (fields, name) => readWord(fields, name, FLAG_TYPES),
  owner: readWords,
  status: (fields, name) => readWord(fields, name, STATUSES),
  tags: readTags,
  expires: readDay,
  client: readSwitch,
  metadata: readMetadata,
  salt: readWords,
  bucketBy: readWords,
  variants: (fields, _, type) => readVariants(fields, type),
  offVariant: (fields, name) => readText(fields, name, { from: 1, to: 100 }),
};

/** What says nothing is not written. */
function given(value: unknown): unknown {
  const isEmpty = value === '' || (typeof value === 'object' && Object.keys(value ?? {}).length === 0);
  return isEmpty ? undefined : value;
}

function readTags(fields: Fields, name: string): readonly string[] | undefined {
  return readList(fields, name, { from: 0, to: MOST_TAGS })?.map((tag, index) => {
    const place = `${placeOf(fields, name)}[${index}]`;
    if (typeof tag !== 'string' || tag === '' || tag.length > TAG_LENGTH) {
      throw invalidAt(place, `wanted text of 1 to ${TAG_LENGTH} characters`);
    }
    refuseUnwritable(tag, place);
    return tag;
  });
}

/** Whether the calendar has it, the judge of the files says. */
function readDay(fields: Fields, name: string): string | undefined {
  const day = readText(fields, name, { to: 10 });
  if (day === undefined || day === '' || DAY.test(day)) return day;
  throw invalidAt(placeOf(fields, name), 'wanted a day, such as 2027-03-01');
}

function readMetadata(fields: Fields, name: string): FlatMetadata | undefined {
  const facts = readObjectAt(fields, name);
  const place = placeOf(fields, name);
  const entries = Object.entries(facts ?? {});
  if (entries.length > MOST_FACTS) throw invalidAt(place, `wanted at most ${MOST_FACTS} facts`);
  const nested = entries.find(([, value]) => value === null || Array.isArray(value) || isObject(value));
  if (nested === undefined) return facts as FlatMetadata | undefined;
  throw invalidAt(place, `${JSON.stringify(nested[0].slice(0, 100))}: wanted text, a number, true or false`);
}
