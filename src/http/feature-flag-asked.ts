import { Failure } from '../model/failure.js';
import type { FlagKey } from '../model/keys.js';
import type { GitRepository } from '../repository/git.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { WriteResult, Writer } from '../repository/write-request.js';
import { type PublicAccess, viewOf } from './access.js';
import { readOne } from './feature-flag-list.js';
import type { FlagPages } from './feature-flag-pages.js';
import { type FlagQuestion, type FoundFlag, findFlag } from './flag-lookup.js';
import { type FlagRight, placeIn } from './flag-place.js';
import type { Asked } from './route.js';

/** What this dialect works on. */
export interface FeatureFlagOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  readonly writer: Writer;
  readonly pages: FlagPages;
  readonly publicAccess: PublicAccess | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** The flag that the path names, for somebody who has this right where it is. Throws what `findFlag` does. */
export function lookUp(options: FeatureFlagOptions, asked: Asked, right: FlagRight): FoundFlag {
  return findFlag(options.cache, questionOf(options, asked, right));
}

/** What the path, the query and the caller say about which flag is meant. */
export function questionOf(
  { publicAccess }: FeatureFlagOptions,
  asked: Asked,
  right: FlagRight,
): FlagQuestion {
  const { caller, params, query } = asked;
  const view = viewOf(caller, publicAccess);
  return { key: params.key ?? '', org: readOne(query, 'org_id'), caller, view, right };
}

/**
 * The flag as a write's own commit has it, whatever others have written since. Throws `Failure` CHANGED_MEANWHILE where
 * the commit was made on top of one with which the flag cannot be served.
 */
export function foundAfter({ served, commit }: WriteResult, key: FlagKey): FoundFlag {
  const found = flagAfter(served, key);
  if (found !== undefined) return found;
  const sentence = `flag ${key}: written in ${commit}, and not served because of what others changed`;
  throw new Failure('conflict', 'CHANGED_MEANWHILE', sentence);
}

/** The same where it may be gone; undefined then. */
export function flagAfter(served: ServedOrg | undefined, key: FlagKey): FoundFlag | undefined {
  const place = served === undefined ? undefined : placeIn(served);
  const flag = place?.project.flags.get(key);
  return place === undefined || flag === undefined ? undefined : { ...place, flag };
}

/** With the blob that a write is compared with: of a flag that is served from an older commit not that one, but the file's. */
export function atHead(found: FoundFlag): FoundFlag {
  const { served, flag } = found;
  if (flag.stale === undefined) return found;
  const blob = served.files.find(({ path }) => path === flag.path)?.blob ?? flag.blob;
  return { ...found, flag: { ...flag, blob } };
}
