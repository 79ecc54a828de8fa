import { fileBroken } from '../files/edit-refusal.js';
import { pathOf } from '../files/paths.js';
import { type FlagKey, parseFlagKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { FlagCache } from '../repository/served.js';
import { type FeatureFlagOptions, questionOf } from './feature-flag-asked.js';
import type { FlagQuestion } from './flag-lookup.js';
import { candidatesOf, demandPlaces, type FlagPlace } from './flag-place.js';
import type { Asked } from './route.js';
import { findMatching } from './stale-write.js';

/** A flag's file that was never good, so that no flag is served for it. */
interface UnservedFlag extends FlagPlace {
  readonly flag: { readonly key: FlagKey; readonly path: string; readonly blob: string };
  /** The errors of the file; none where it only waits for another. */
  readonly problems: readonly Problem[];
}

/**
 * The one file of this key for which no flag is served, where the flag would be looked for; undefined where a flag is,
 * or where several organizations have such a file. Only for callers who see all flags. Throws what `findFlag` does.
 */
export function findUnserved(cache: FlagCache, question: FlagQuestion): UnservedFlag | undefined {
  const key = parseFlagKey(question.key);
  if (key === undefined || question.view !== 'full') return undefined;
  const places = demandPlaces(cache, question, candidatesOf(cache, question));
  const isServed = places.some(({ project }) => project.flags.has(key));
  const found = isServed ? [] : places.flatMap((place) => unservedIn(place, key) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/**
 * A flag that was never good is served to nobody, so nothing can be answered after a write to it, and there is no good
 * text to write. Throws `Failure` PRECONDITION_FAILED or FILE_BROKEN.
 */
export async function refuseUnserved(options: FeatureFlagOptions, asked: Asked): Promise<void> {
  const { cache } = options;
  const unserved = findUnserved(cache, questionOf(options, asked, 'write-in-project'));
  if (unserved === undefined) return;
  const { problems } = await findMatching(
    cache,
    asked,
    () => findUnserved(cache, questionOf(options, asked, 'write-in-project')) ?? unserved,
  );
  if (problems.length > 0) throw fileBroken(problems);
}

function unservedIn(place: FlagPlace, key: FlagKey): UnservedFlag | undefined {
  const { served, project } = place;
  const path = pathOf({ kind: 'flag', org: served.snapshot.key, project: project.key, key });
  const file = served.files.find((one) => one.path === path);
  if (file === undefined) return undefined;
  const problems = served.problems.filter((one) => one.path === path && one.severity === 'error');
  return { ...place, flag: { key, path, blob: file.blob }, problems };
}
