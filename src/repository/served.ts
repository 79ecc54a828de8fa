import type { CompiledProject } from '../evaluation/compiled.js';
import type { SourceFile } from '../files/loaded.js';
import type { Problem } from '../model/problem.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { CommitHistory } from './commit-history.js';
import type { Past } from './past.js';

/** One organization as it is served: all of it from exactly one commit, swapped whole. */
export interface ServedOrg {
  /** The commit, 40 hexadecimal digits; `worktree` where the work tree is served live. */
  readonly revision: string;
  /** The id of the organization's folder, as git names trees. */
  readonly version: string;
  readonly snapshot: OrgSnapshot;
  /** Every file of that version, parsed: what `load` made the snapshot from. */
  readonly files: readonly SourceFile[];
  /** By project key. */
  readonly projects: ReadonlyMap<string, CompiledProject>;
  readonly problems: readonly Problem[];
  /** When it was swapped in, in epoch milliseconds. */
  readonly loadedAt: number;
  /** How many flags are served from an older commit because their file is broken. */
  readonly staleFlags: number;
}

/** When a file was made and last changed, from git history. */
export interface FileTimes {
  /** RFC 3339, UTC, whole seconds: `2026-01-15T10:00:00Z`. */
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** What is served now. All reads are synchronous look-ups in memory. */
export interface FlagCache {
  /** Fulfilled when the first load is served and the history is walked; never rejected: an unborn branch waits for its first commit. */
  readonly ready: Promise<void>;
  /** True from then on. */
  readonly isReady: boolean;
  /** By organization key, in order of the keys. */
  readonly orgs: ReadonlyMap<string, ServedOrg>;
  /** By key or by id. */
  findOrg(keyOrId: string): ServedOrg | undefined;
  /** The organization of callers who name none. */
  readonly defaultOrg: ServedOrg | undefined;
  /** The commit that is served, or undefined before there is one. */
  readonly revision: string | undefined;
  /** Problems outside any organization: `.flagstaff.yaml`, stray files under `flags/`. */
  readonly problems: readonly Problem[];
  /** Why what git has now cannot be read or served at all, as a sentence; undefined where it can. What was served stays. */
  readonly trouble: string | undefined;
  /** By organization, why its newest version could not be built. It is tried again at each poll. */
  readonly orgTroubles: ReadonlyMap<string, string>;
  /** What git history tells of the commit that is served. */
  readonly history: CommitHistory;
  /** Other commits than the one that is served. */
  readonly past: Past;
  /** Reads HEAD now and fulfils when what it found is served and its times are known. Rejects where git cannot be read. */
  refresh(): Promise<void>;
  /** Forgets what was parsed of this organization (all of them: undefined) and rebuilds it from git in the background. */
  invalidate(org: string | undefined): void;
  /** Calls back after each swap; returns how to stop that. */
  onSwap(listener: (org: ServedOrg) => void): () => void;
  /** Calls back with the key of each organization that is served no more; returns how to stop that. */
  onGone(listener: (org: string) => void): () => void;
  /** Ends watching and workers. */
  close(): Promise<void>;
}
