import { Failure } from '../model/failure.js';
import { type FlagKey, parseFlagKey } from '../model/keys.js';
import type { Flag, OrgSnapshot, ProjectSnapshot } from '../model/snapshot.js';
import type { FlagCache } from '../repository/served.js';
import type { View } from './access.js';
import { candidatesOf, demandPlaces, type FlagPlace, type PlaceQuestion } from './flag-place.js';

/** A flag, where it is. */
export interface FoundFlag extends FlagPlace {
  readonly flag: Flag;
}

/** Which flag is meant. */
export interface FlagQuestion extends PlaceQuestion {
  readonly key: string;
  readonly view: View;
}

/**
 * The flag of this key: in the organization that is named, else in the credential's, else in the only one that has it.
 * Throws a `Failure`: `invalid` for what can be no key, `not-found`, `forbidden` where the caller's roles do not suffice,
 * or `conflict` where several organizations have it.
 */
export function findFlag(cache: FlagCache, question: FlagQuestion): FoundFlag {
  readFlagKey(question.key);
  return findAmong(demandPlaces(cache, question, candidatesOf(cache, question)), question);
}

/** The flag in the only one of these places that has it. Throws as `findFlag` does. */
export function findAmong(places: readonly FlagPlace[], question: FlagQuestion): FoundFlag {
  const key = readFlagKey(question.key);
  const found = places.flatMap((place) => {
    const flag = place.project.flags.get(key);
    return flag === undefined || !isVisible(flag, question.view) ? [] : [{ ...place, flag }];
  });
  const [only, ...others] = found;
  if (only === undefined) throw new Failure('not-found', 'FLAG_NOT_FOUND', `flag ${key}: not found`);
  if (others.length > 0) throw ambiguous(key, found);
  return only;
}

/** The key that a path names. Throws a `Failure` of kind `invalid` for what can be none. */
export function readFlagKey(text: string): FlagKey {
  const key = parseFlagKey(text);
  if (key !== undefined) return key;
  throw new Failure('invalid', 'INVALID_KEY', 'the key: not in the grammar of flag keys');
}

/** The project of callers who name none. */
export function defaultProject(org: OrgSnapshot): ProjectSnapshot | undefined {
  return org.defaultProject === undefined ? undefined : org.projects.get(org.defaultProject);
}

/** Whether a caller with this view may know of the flag. */
export function isVisible(flag: Flag, view: View): boolean {
  return view === 'full' || flag.file.client === true;
}

/** The refusal of a key that several organizations have, with those in which the caller may see it. */
export function ambiguous(key: string, found: readonly Pick<FoundFlag, 'served'>[]): Failure {
  const organizations = found.map(({ served }) => served.snapshot.id);
  const sentence = `flag ${key}: several organizations have it, name one with org_id`;
  return new Failure('conflict', 'AMBIGUOUS_KEY', sentence, { data: { details: { organizations } } });
}
