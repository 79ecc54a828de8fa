import { fileBroken } from '../files/edit-refusal.js';
import { pathOf } from '../files/paths.js';
import { type FlagKey, parseFlagKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import { type FeatureFlagOptions, questionOf } from './feature-flag-asked.js';
import { defaultProject, type FlagQuestion, findOrg, homeOf } from './flag-lookup.js';
import type { Asked } from './route.js';
import { findMatching } from './stale-write.js';

/** A flag's file that was never good, so that no flag is served for it. */
interface UnservedFlag {
  readonly served: ServedOrg;
  readonly project: ProjectSnapshot;
  readonly flag: { readonly key: FlagKey; readonly path: string; readonly blob: string };
  /** The errors of the file; none where it only waits for another. */
  readonly problems: readonly Problem[];
}

/**
 * The one file of this key for which no flag is served, where the flag would be looked for; undefined where a flag is,
 * or where several organizations have such a file. Only for callers who may see all flags. Throws what `findOrg` does.
 */
export function findUnserved(cache: FlagCache, question: FlagQuestion): UnservedFlag | undefined {
  const key = parseFlagKey(question.key);
  if (key === undefined || question.view !== 'full') return undefined;
  const named = question.org === undefined ? homeOf(cache, question.caller) : findOrg(cache, question.org);
  const candidates = named === undefined ? [...cache.orgs.values()] : [named];
  const isServed = candidates.some(({ snapshot }) => defaultProject(snapshot)?.flags.has(key));
  const found = isServed ? [] : candidates.flatMap((served) => unservedIn(served, key) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/**
 * A flag that was never good is served to nobody, so nothing can be answered after a write to it, and there is no good
 * text to write. Throws `Failure` PRECONDITION_FAILED or FILE_BROKEN.
 */
export async function refuseUnserved(options: FeatureFlagOptions, asked: Asked): Promise<void> {
  const { cache } = options;
  const unserved = findUnserved(cache, questionOf(options, asked));
  if (unserved === undefined) return;
  const { problems } = await findMatching(
    cache,
    asked,
    () => findUnserved(cache, questionOf(options, asked)) ?? unserved,
  );
  if (problems.length > 0) throw fileBroken(problems);
}

function unservedIn(served: ServedOrg, key: FlagKey): UnservedFlag | undefined {
  const project = defaultProject(served.snapshot);
  if (project === undefined) return undefined;
  const path = pathOf({ kind: 'flag', org: served.snapshot.key, project: project.key, key });
  const file = served.files.find((one) => one.path === path);
  if (file === undefined) return undefined;
  const problems = served.problems.filter((one) => one.path === path && one.severity === 'error');
  return { served, project, flag: { key, path, blob: file.blob }, problems };
}
