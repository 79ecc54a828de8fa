import type { Edit } from '../../files/edit.js';
import type { JsonValue } from '../../model/values.js';
import { type Fields, fieldOf, invalidAt, placeOf, readText } from '../json-fields.js';
import type { Asked } from '../route.js';

const LENGTHS = { name: 200, description: 2_000 } as const;

/** A field for people. */
type Described = keyof typeof LENGTHS;

/** A text for people as a new file has it; one that is null or empty is left out. Throws a `Failure` of kind `invalid`. */
export function describedBy<Name extends Described>(
  fields: Fields,
  ...names: readonly Name[]
): { readonly [Key in Name]?: string } {
  const texts = names.flatMap((name) => {
    const text = readDescribed(fields, name);
    return text === undefined || text === '' ? [] : [[name, text] as const];
  });
  return Object.fromEntries(texts) as { readonly [Key in Name]?: string };
}

/**
 * What is to be edited so that a file says these texts. Null and the empty text take one out, and what is shown where the
 * file has none is no edit.
 */
export function editsOfDescribed(
  fields: Fields,
  now: { readonly [Key in Described]?: string },
  shown: { readonly [Key in Described]?: string },
): readonly Edit[] {
  return (Object.keys(shown) as Described[]).flatMap((name): Edit[] => {
    const text = readDescribed(fields, name);
    const isAsShown = text === undefined || text === (now[name] ?? shown[name]);
    if (isAsShown || (text === '' && now[name] === undefined)) return [];
    return [text === '' ? { at: [name], remove: true } : { at: [name], set: text }];
  });
}

/** Throws a `Failure` of kind `invalid` where a field that cannot be changed is sent with another value than it has. */
export function refuseOtherThan(fields: Fields, now: Readonly<Record<string, JsonValue>>): void {
  for (const [name, value] of Object.entries(now)) {
    const sent = fieldOf(fields, name);
    if (sent !== undefined && sent !== value) throw invalidAt(placeOf(fields, name), 'cannot be changed');
  }
}

/** `cascade=true`: what is in a thing goes along with it. Throws a `Failure` of kind `invalid` for another word. */
export function readCascade({ query }: Asked): boolean {
  const [word, ...others] = query.getAll('cascade');
  if (others.length === 0 && (word === undefined || word === 'true' || word === 'false'))
    return word === 'true';
  throw invalidAt('cascade', 'wanted true or false, once');
}

function readDescribed(fields: Fields, name: Described): string | undefined {
  return fieldOf(fields, name) === null ? '' : readText(fields, name, { to: LENGTHS[name] });
}
