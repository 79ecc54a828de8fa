import type { ApiKeysFile } from './api-key.js';
import type { FlagFile } from './flag.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey, SegmentKey } from './keys.js';
import type { OrgFile } from './org.js';
import type { OverridesFile } from './override.js';
import type { Problem } from './problem.js';
import type { ProjectFile } from './project.js';
import type { SegmentFile } from './segment.js';
import type { TestsFile } from './test-case.js';

/** One organization as one commit has it. Plain data, never changed after it was made. */
export interface OrgSnapshot {
  readonly key: OrgKey;
  readonly id: string;
  readonly file: OrgFile;
  /** The project of callers who name none; undefined where the organization has no project. */
  readonly defaultProject: ProjectKey | undefined;
  /** In order of the keys. */
  readonly projects: ReadonlyMap<ProjectKey, ProjectSnapshot>;
}

/** One project of a snapshot. */
export interface ProjectSnapshot {
  readonly key: ProjectKey;
  readonly org: OrgKey;
  readonly id: string;
  readonly file: ProjectFile;
  /** In file order. */
  readonly environments: readonly EnvironmentKey[];
  readonly defaultEnvironment: EnvironmentKey;
  /** In order of the keys, by UTF-16 units. */
  readonly flags: ReadonlyMap<FlagKey, Flag>;
  readonly segments: ReadonlyMap<SegmentKey, Segment>;
  readonly apiKeys: ApiKeysFile;
}

/** One flag of a snapshot, with what belongs to it. */
export interface Flag {
  readonly key: FlagKey;
  readonly id: string;
  /** The flag's file, as a path from the top of the repository. */
  readonly path: string;
  /** The id of the blob that this version was read from. */
  readonly blob: string;
  readonly file: FlagFile;
  readonly overrides: OverridesFile;
  readonly tests: TestsFile;
  /**
   * Undefined where this is the version of the snapshot's commit. Else that version is broken, and this is the last
   * good one, evaluated with the flags and segments of `home`, the snapshot that it came from.
   */
  readonly stale: { readonly home: ProjectSnapshot; readonly problems: readonly StaleCause[] } | undefined;
}

/** Why a flag is stale: an error of one of the files that it needs. Lines are in the organization's problems. */
export type StaleCause = Omit<Problem, 'line' | 'column'>;

/** One segment of a snapshot. */
export interface Segment {
  readonly key: SegmentKey;
  readonly id: string;
  readonly path: string;
  readonly blob: string;
  readonly file: SegmentFile;
}
