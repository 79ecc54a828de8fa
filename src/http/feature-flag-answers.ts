import { environmentState } from '../model/flag.js';
import type { FlagCache } from '../repository/served.js';
import { atHead, type FeatureFlagOptions } from './feature-flag-asked.js';
import type { CreatedFeatureFlag, FeatureFlag } from './feature-flag-body.js';
import type { FoundFlag } from './flag-lookup.js';

/** A flag in the words of this dialect. */
export function shown(options: FeatureFlagOptions, found: FoundFlag): FeatureFlag {
  const { created_at: _, ...fields } = shownNew(options, found);
  return fields;
}

/** The same with when it was made. */
export function shownNew(
  { cache }: FeatureFlagOptions,
  { served, project, flag }: FoundFlag,
): CreatedFeatureFlag {
  const state = environmentState(flag.file, project.defaultEnvironment);
  const times = cache.timesOf(flag.path);
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
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
