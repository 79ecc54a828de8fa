import { Failure } from '../model/failure.js';
import type { FlagKey } from '../model/keys.js';
import type { GitRepository } from '../repository/git.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { Writer } from '../repository/write-request.js';
import { type PublicAccess, viewOf } from './access.js';
import { readOne } from './feature-flag-list.js';
import { defaultProject, type FlagQuestion, type FoundFlag, findFlag } from './flag-lookup.js';
import type { Asked } from './route.js';

/** What this dialect works on. */
export interface FeatureFlagOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  readonly writer: Writer;
  readonly publicAccess: PublicAccess | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** The flag that the path names. Throws what `findFlag` does. */
export function lookUp(options: FeatureFlagOptions, asked: Asked): FoundFlag {
  return findFlag(options.cache, questionOf(options, asked));
}

/** What the path, the query and the caller say about which flag is meant. */
export function questionOf({ publicAccess }: FeatureFlagOptions, asked: Asked): FlagQuestion {
  const { caller, params, query } = asked;
  const view = viewOf(caller, publicAccess);
  return { key: params.key ?? '', org: readOne(query, 'org_id'), caller, view };
}

/** The flag after a write. Throws `Failure` CHANGED_MEANWHILE where it is gone again. */
export function foundAfter(cache: FlagCache, before: ServedOrg, key: FlagKey): FoundFlag {
  const served = cache.orgs.get(before.snapshot.key);
  const project = served === undefined ? undefined : defaultProject(served.snapshot);
  const flag = project?.flags.get(key);
  if (served !== undefined && project !== undefined && flag !== undefined) return { served, project, flag };
  throw new Failure(
    'conflict',
    'CHANGED_MEANWHILE',
    `flag ${key}: written, and removed by somebody else since`,
  );
}

/** With the blob that a write is compared with: of a flag that is served from an older commit not that one, but the file's. */
export function atHead(found: FoundFlag): FoundFlag {
  const { served, flag } = found;
  if (flag.stale === undefined) return found;
  const blob = served.files.find(({ path }) => path === flag.path)?.blob ?? flag.blob;
  return { ...found, flag: { ...flag, blob } };
}
