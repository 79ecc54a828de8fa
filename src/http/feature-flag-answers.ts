import { environmentState } from '../model/flag.js';
import type { EnvironmentKey, FlagKey } from '../model/keys.js';
import { timeOf } from '../repository/commit-time.js';
import type { FlagCache } from '../repository/served.js';
import type { WriteResult } from '../repository/write-request.js';
import { atHead, type FeatureFlagOptions, foundAfter } from './feature-flag-asked.js';
import type { CreatedFeatureFlag, FeatureFlag } from './feature-flag-body.js';
import type { FoundFlag } from './flag-lookup.js';
import type { Reply } from './route.js';
import { headersOfWrite } from './write-headers.js';

/** A flag in the words of this dialect: as served, or as a commit had it. */
export function shown(options: FeatureFlagOptions, found: FoundFlag, asOf?: string): FeatureFlag {
  const { created_at: _, ...fields } = shownNew(options, found, asOf);
  return fields;
}

/**
 * The same with when it was made. What the file does not say comes from history, up to that commit where one is given, so
 * that no later change is told; a commit of another branch has none.
 */
export function shownNew(
  { cache }: FeatureFlagOptions,
  { served, environment, flag }: FoundFlag,
  asOf?: string,
): CreatedFeatureFlag {
  const state = environmentState(flag.file, environment);
  const times = cache.history.timesOf(flag.path, asOf);
  return {
    flag_id: flag.id,
    feature_key: flag.key,
    is_enabled: state.enabled && state.killed !== true,
    org_id: served.snapshot.id,
    description: flag.file.description ?? '',
    updated_at: flag.file.updatedAt ?? times?.updatedAt ?? '',
    created_at: flag.file.createdAt ?? times?.createdAt ?? '',
  };
}

/** Which flag was written; its state in the default environment where none is given. */
export interface WrittenPlace {
  readonly flag: FlagKey;
  readonly environment?: EnvironmentKey;
}

/** The answer to a write of one flag: as the write left it, whatever others have written since. */
export function writtenFlag(
  options: FeatureFlagOptions,
  result: WriteResult,
  { flag, ...place }: WrittenPlace,
): Reply {
  const found = { ...foundAfter(result, flag), ...place };
  const headers = { ...headersOf(found), ...headersOfWrite(result) };
  return { status: 200, headers, body: shown(options, found, result.commit) };
}

/** The headers of an answer about one flag. */
export function headersOf(found: FoundFlag): Readonly<Record<string, string>> {
  return { ETag: `"${atHead(found).flag.blob}"`, 'Flagstaff-Revision': found.served.revision };
}

/** The headers of an answer about all flags. */
export function revisionOf(cache: FlagCache): Readonly<Record<string, string>> {
  return cache.revision === undefined ? {} : { 'Flagstaff-Revision': cache.revision };
}

/** A moment as this dialect writes it: UTC, whole seconds. */
export function stamp(now: number): string {
  return timeOf(now / 1_000);
}
