import { Failure } from '../model/failure.js';
import type { FlagKey } from '../model/keys.js';
import { type FeatureFlagOptions, questionOf } from './feature-flag-asked.js';
import { ambiguous, readFlagKey } from './flag-lookup.js';
import { type FlagName, flagPaths } from './flag-paths.js';
import { candidatesOf, demandPlaces, type FlagPlace, type FlagRight } from './flag-place.js';
import type { Asked } from './route.js';

/** A flag that is there, or was. */
export interface PastFlag extends FlagPlace {
  readonly name: FlagName;
}

/**
 * The flag that the path names, among those that are served and, where none of that key is, among those that once were.
 * Throws a `Failure` for what can be no key, `not-found` where no organization ever had it, `forbidden` where the
 * caller's roles do not suffice, and `conflict` where several have or had it.
 */
export function findPastFlag(options: FeatureFlagOptions, asked: Asked, right: FlagRight): PastFlag {
  const { cache } = options;
  const question = questionOf(options, asked, right);
  const flag = readFlagKey(question.key);
  const places = demandPlaces(cache, question, candidatesOf(cache, question));
  const flags = places.map((place) => ({ ...place, name: nameIn(place, flag) }));
  const served = flags.filter(({ project, name }) => project.flags.has(name.flag));
  const known = served.length > 0 ? served : flags.filter(({ name }) => wasThere(options, name));
  const [only, ...others] = known;
  if (only === undefined) {
    throw new Failure('not-found', 'FLAG_NOT_FOUND', `flag ${question.key}: not found`);
  }
  if (others.length > 0) throw ambiguous(question.key, known);
  return only;
}

function nameIn({ served, project }: FlagPlace, flag: FlagKey): FlagName {
  return { org: served.snapshot.key, project: project.key, flag };
}

function wasThere({ cache }: FeatureFlagOptions, name: FlagName): boolean {
  return flagPaths(name).some((path) => cache.history.lastChange(path) !== undefined);
}
