import { refuseUnsafeEmail } from '../../changes/written-names.js';
import type { Edit } from '../../files/edit.js';
import { foldEmail } from '../../model/email.js';
import { type Fields, fieldOf, invalidAt, placeOf, readList } from '../json-fields.js';
import type { Asked } from '../route.js';

const MOST_PEOPLE = 10_000;

/** The address that `:email` of the path names. Throws `Failure` INVALID_NAME for what is none. */
export function emailOf({ params: { email = '' } }: Asked): string {
  refuseUnsafeEmail('the address in the path', email);
  return email;
}

/** An address; undefined where it is left out. Throws a `Failure` of kind `invalid` with the place of what is none. */
export function readEmail(fields: Fields, name: string): string | undefined {
  const value = fieldOf(fields, name);
  return value === undefined ? undefined : checkedEmail(value, placeOf(fields, name));
}

/** Addresses, none of them twice; null is none at all. Throws a `Failure` of kind `invalid` with the place. */
export function readEmails(fields: Fields, name: string): readonly string[] | undefined {
  return readTexts({ fields, name, most: MOST_PEOPLE, check: checkedEmail });
}

/** What is to be edited so that a list of an entry says this. A list that would be empty is taken out. */
export function editsOfList(
  field: string,
  now: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): readonly Edit[] {
  if (wanted === undefined) return [];
  if (wanted.length > 0) return [{ at: [field], set: wanted }];
  return now === undefined ? [] : [{ at: [field], remove: true }];
}

/** A list as a new entry has it: one without items is left out. */
export function listed<Name extends string>(
  name: Name,
  items: readonly string[] | undefined,
): { readonly [Key in Name]?: readonly string[] } {
  if (items === undefined || items.length === 0) return {};
  return { [name]: items } as { readonly [Key in Name]: readonly string[] };
}

type Check = (value: unknown, place: string) => string;

/** Texts that `check` gives back, none of them twice; null is none at all. Throws a `Failure` of kind `invalid` with the place. */
export function readTexts({
  fields,
  name,
  most,
  check,
}: {
  readonly fields: Fields;
  readonly name: string;
  readonly most: number;
  readonly check: Check;
}): readonly string[] | undefined {
  if (fieldOf(fields, name) === null) return [];
  const seen = new Set<string>();
  return readList(fields, name, { from: 0, to: most })?.map((item, index) => {
    const place = `${placeOf(fields, name)}[${index}]`;
    const text = check(item, place);
    if (seen.has(foldEmail(text))) throw invalidAt(place, 'is there twice');
    seen.add(foldEmail(text));
    return text;
  });
}

function checkedEmail(value: unknown, place: string): string {
  if (typeof value !== 'string') throw invalidAt(place, 'wanted an e-mail address');
  refuseUnsafeEmail(place, value);
  return value;
}
