import { derivedId, type IdPrefix } from '../../model/ids.js';
import { diffField, named, unquoted } from './field.js';
import type { PartDifference, Versions } from './part-difference.js';

/** Whose file it is: the key is the default of name and salt, and all of them are that of the id. */
export interface KeyPath {
  readonly org: string;
  readonly project: string;
  readonly key: string;
}

/** What a file says of itself. */
interface Names {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
}

/** The differences of id, name and description. */
export function diffNames(
  { before, after }: Versions<Names>,
  { prefix, org, project, key }: KeyPath & { readonly prefix: IdPrefix },
): readonly PartDifference[] {
  const idOf = ({ id }: Names): string => id ?? derivedId(prefix, org, project, key);
  const description = { before: before.description, after: after.description };
  return [
    ...(before.id === after.id
      ? []
      : diffField({ name: 'id', before: idOf(before), after: idOf(after) }, named('id'))),
    ...diffField({ name: 'name', before: before.name ?? key, after: after.name ?? key }, named('name')),
    ...diffField({ name: 'description', ...description }, unquoted('description')),
  ];
}
