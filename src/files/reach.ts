import { isDeepStrictEqual } from 'node:util';
import { changedKeys } from '../model/changed-keys.js';
import { flagVariants } from '../model/flag.js';
import type { FlagKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { OrgSources, ProjectSources, Source } from './sources.js';
import { type Uses, usesOfFlag, usesOfSegment } from './uses.js';

/** Keys of files of a project, by what they are. */
export interface SourceKeys {
  readonly flags: Iterable<FlagKey>;
  readonly segments: Iterable<SegmentKey>;
  readonly overrides: Iterable<FlagKey>;
  readonly tests: Iterable<FlagKey>;
}

/** Files that are not what they were. */
export interface ChangedSources extends SourceKeys {
  readonly flags: readonly FlagKey[];
  readonly segments: readonly SegmentKey[];
  readonly overrides: readonly FlagKey[];
  readonly tests: readonly FlagKey[];
}

/** Two versions of a project's files, and what is different. */
export interface SourcesChange {
  readonly before: ProjectSources;
  readonly after: ProjectSources;
  readonly changed: ChangedSources;
}

/** By key, what is different in the projects that are in both versions of an organization. */
export type OrgChanges = ReadonlyMap<ProjectKey, SourcesChange>;

/** Finds what is not the same file in both. */
export function orgChanges(before: OrgSources, after: OrgSources): OrgChanges {
  const changes = new Map<ProjectKey, SourcesChange>();
  for (const [key, project] of after.projects) {
    const known = before.projects.get(key);
    if (known !== undefined) changes.set(key, sourcesChange(known, project));
  }
  return changes;
}

function sourcesChange(before: ProjectSources, after: ProjectSources): SourcesChange {
  const changed = {
    flags: changedKeys(before.flags, after.flags),
    segments: changedKeys(before.segments, after.segments),
    overrides: changedKeys(before.overrides, after.overrides),
    tests: changedKeys(before.tests, after.tests),
  };
  return { before, after, changed };
}

/**
 * The files of which something else may be said now, while the project's own file is the same. Others see of a flag only
 * that it is there and its variants, of a segment only that it is there; where that is as before, a change reaches nobody
 * else. Where it is not, those that name it are reached, and those of which something was told: names that are there now
 * may be what others are slips of.
 */
export function reachedFiles({ before, after, changed }: SourcesChange, told: SourceKeys): SourceKeys {
  const seen: Seen = {
    flags: new Set(changed.flags.filter((key) => !isSeenAs(before.flags.get(key), after.flags.get(key)))),
    segments: new Set(changed.segments.filter((key) => before.segments.has(key) !== after.segments.has(key))),
  };
  if (seen.flags.size + seen.segments.size === 0) return changed;
  return {
    flags: new Set([...changed.flags, ...told.flags, ...flagsNaming(seen, after)]),
    segments: new Set([...changed.segments, ...told.segments, ...segmentsNaming(seen, after)]),
    overrides: new Set([...changed.overrides, ...told.overrides, ...seen.flags]),
    tests: new Set([...changed.tests, ...told.tests, ...seen.flags, ...testsNaming(seen, after)]),
  };
}

/** What others see change. */
interface Seen {
  readonly flags: ReadonlySet<FlagKey>;
  readonly segments: ReadonlySet<SegmentKey>;
}

function isSeenAs(before: Source<'flag'> | undefined, after: Source<'flag'> | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  if (before.value === undefined || after.value === undefined) return before.value === after.value;
  return isDeepStrictEqual(Object.keys(flagVariants(before.value)), Object.keys(flagVariants(after.value)));
}

function flagsNaming(seen: Seen, { flags }: ProjectSources): FlagKey[] {
  return [...flags].flatMap(([key, { value }]) => (value && isNaming(usesOfFlag(value), seen) ? [key] : []));
}

function segmentsNaming(seen: Seen, { segments }: ProjectSources): SegmentKey[] {
  return [...segments].flatMap(([key, { value }]) =>
    value && isNaming(usesOfSegment(value), seen) ? [key] : [],
  );
}

function testsNaming({ segments }: Seen, { tests }: ProjectSources): FlagKey[] {
  if (segments.size === 0) return [];
  const names: ReadonlySet<unknown> = segments;
  return [...tests].flatMap(([key, { value = [] }]) =>
    value.some(({ expect }) => names.has(expect.segment)) ? [key] : [],
  );
}

function isNaming(uses: Uses, seen: Seen): boolean {
  const [flags, segments]: readonly ReadonlySet<string>[] = [seen.flags, seen.segments];
  return uses.flags.some(({ key }) => flags?.has(key)) || uses.segments.some(({ key }) => segments?.has(key));
}
