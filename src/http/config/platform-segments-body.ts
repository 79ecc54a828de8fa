import { KEY_MAX_LENGTH, parseSegmentKey, type SegmentKey } from '../../model/keys.js';
import type { SegmentFile } from '../../model/segment.js';
import { readConditionsIn } from '../admin/conditions.js';
import { readSegment } from '../admin/segments-body.js';
import { type Fields, fieldOf, invalidAt, placeOf, readFields, readText, required } from '../json-fields.js';

/** The fields that `readPlatformSegment` reads. */
export const PLATFORM_FIELDS = [
  'name',
  'description',
  'isActive',
  'includedUsers',
  'excludedUsers',
  'includedCompanies',
  'excludedCompanies',
  'rules',
];

const NAME_LENGTH = { from: 1, to: 200 };

/** What the fields ask of a segment, as `readSegment` does, whose conditions are in `rules` here. Null is no rules. */
export function readPlatformSegment(fields: Fields, key: string, now: SegmentFile = {}): SegmentFile {
  const { when: _, ...others } = now;
  const when = readRules(fields, now.when);
  return readSegment(fields, key, { ...others, ...(when === undefined ? {} : { when }) });
}

/** The key that a name makes: its letters and digits, in lower case, joined by hyphens. Throws a `Failure` of kind `invalid`. */
export function keyFromName(fields: Fields): SegmentKey {
  const name = required(readText(fields, 'name', NAME_LENGTH), fields, 'name');
  const plain = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
  const words = plain.match(/[a-z0-9]+/g) ?? [];
  const key = parseSegmentKey(words.join('-').slice(0, KEY_MAX_LENGTH).replace(/-$/, ''));
  if (key !== undefined) return key;
  throw invalidAt(placeOf(fields, 'name'), 'no key can be made of it; name one with key');
}

function readRules(fields: Fields, now: SegmentFile['when']): SegmentFile['when'] {
  const rules = fieldOf(fields, 'rules');
  if (rules === undefined) return now;
  if (rules === null) return undefined;
  return (
    readConditionsIn(readFields(rules, placeOf(fields, 'rules'), ['operator', 'conditions']), now) ?? now
  );
}
