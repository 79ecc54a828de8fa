import type { Difference, Part } from '../changes/difference.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey } from '../model/keys.js';
import type { Identity } from './identity.js';
import type { FileTimes } from './served.js';

/** A commit of the history that is served: the first parents of its head. */
export interface HistoryCommit {
  readonly oid: string;
  readonly author: Identity;
  /** When it was committed, in seconds since 1970. */
  readonly seconds: number;
  /** Of a merge, the parents beyond the first: what it brought comes from them. */
  readonly mergedParents: readonly string[];
  /** The folders below `flags/` in which it touched files, in order: organizations. A merge is compared with its first parent. */
  readonly orgs: readonly string[];
  /** The first line of its message. */
  readonly subject: string;
  /** The rest of its message without Flagstaff's own trailers, cut after 1,000 characters. */
  readonly body: string;
  /** What `Flagstaff-Reason` says. */
  readonly reason: string | undefined;
  /** What `Flagstaff-Force` says. */
  readonly force: string | undefined;
  /** What `Flagstaff-User` says: the author as their credential names them, where that is not their address. */
  readonly user: string | undefined;
}

/** What one commit did to one file; undefined where it was not there. */
export interface HistoryFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** One commit, with what it did to the files that were asked for. */
export interface HistoryEntry {
  readonly commit: HistoryCommit;
  /** The blob ids before and after. */
  readonly files: readonly HistoryFile[];
  readonly differences: readonly Difference[];
  /**
   * True where the commit before it is not in this clone, as in a shallow one: all its files are told as added then, by
   * it or by an earlier one.
   */
  readonly isCutOff: boolean;
  /** Of a merge, the commits that came in by it and touched what was asked for; newest first. */
  readonly merged: readonly HistoryCommit[];
  /** Of a commit that came in by a merge, and so is none of the first parents: that merge. */
  readonly mergedBy: HistoryCommit | undefined;
  /** True where there are more files, differences or merged commits than were asked for; of the last two, where any were. */
  readonly isCut: boolean;
}

/** How much of each commit is wanted; everything, where it is left out. What is not wanted is not read. */
export interface EntryBounds {
  /** So many files, in order of their paths, and what is different in them. */
  readonly mostFiles?: number;
  readonly mostDifferences?: number;
  /** So many of the commits that came in by a merge. */
  readonly mostMerged?: number;
}

/** Which part of the history is wanted. */
export interface HistoryQuery extends EntryBounds {
  /**
   * Only commits that touched files below one of these paths, or one of these files: `flags/acme/`,
   * `flags/acme/web-app/flags/x.yaml`. Of none there is nothing.
   */
  readonly under: readonly string[];
  /** Only those of this author's address. */
  readonly email?: string;
  readonly offset: number;
  readonly limit: number;
}

/** Which commit is looked for: the newest one, from this commit back, that touched something. */
export interface TouchQuery {
  readonly upTo: string;
  /** Only commits after this one. */
  readonly after?: string | undefined;
  /** As that of `HistoryQuery`. */
  readonly under: readonly string[];
}

/** A page of the history, newest first. */
export interface HistoryPage {
  /** How many there are in all. */
  readonly total: number;
  readonly entries: readonly HistoryEntry[];
}

/** A part of a flag that is there now, with the commit that last changed it. */
export interface BlameLine {
  readonly part: Part;
  readonly environment: EnvironmentKey | undefined;
  /** What it is now, in words: `rule canary: 20 %`. */
  readonly sentence: string;
  /** Where a merge brought the part as one of its commits had left it: that one. */
  readonly commit: HistoryCommit;
  /** The merge by which that commit came; undefined for one of the first parents. */
  readonly mergedBy: HistoryCommit | undefined;
  /** True where it may have been an earlier commit, which is not in this clone. */
  readonly isCutOff: boolean;
}

/**
 * What git history tells, without walking it: an index of the first parents, kept under the git folder. It follows the
 * head that is served, through resets, force pushes and merges; in a shallow clone it begins where the clone does.
 */
export interface CommitHistory {
  /** The commit whose history is told; undefined before the first walk has ended. */
  readonly head: string | undefined;
  /** True where the commit before the oldest one is not in this clone, as in a shallow one: `git fetch --unshallow` brings it. */
  readonly isCutOff: boolean;
  /** True for the head and its first parents, as far as they are in this clone. */
  has(oid: string): boolean;
  /**
   * When a file was made and last changed, up to this commit (the head: undefined); undefined for one that is not there,
   * and for a commit that is none of the history.
   */
  timesOf(path: string, oid?: string): FileTimes | undefined;
  /** The commit that last changed a file, whether it is there or not. */
  lastChange(path: string): HistoryCommit | undefined;
  /** The commits that made and last changed a file that is there. */
  authorsOf(path: string): { readonly created: HistoryCommit; readonly updated: HistoryCommit } | undefined;
  /**
   * One commit of the history by its whole id, with all that it did below `flags/`, or what it did there; one that came in
   * by a merge too. Undefined where it is none of it, or did nothing there.
   */
  entryOf(oid: string, under?: readonly string[], bounds?: EntryBounds): Promise<HistoryEntry | undefined>;
  page(query: HistoryQuery): Promise<HistoryPage>;
  /** The commits after this one that touched the file, newest first. */
  laterThan(oid: string, path: string): readonly HistoryCommit[];
  /** Undefined where no commit of that part of the history touched one of these. */
  lastTouch(wanted: TouchQuery): HistoryCommit | undefined;
  /** The commit before this one; undefined for the oldest, and for one that is none of the history. */
  before(oid: string): HistoryCommit | undefined;
  /** The newest commit that was there at that moment, in seconds since 1970; undefined before the first. */
  commitAt(seconds: number): string | undefined;
  /** Who last changed each rule, override, attachment, variant, state and field that the flag has now. */
  blame(flag: {
    readonly org: OrgKey;
    readonly project: ProjectKey;
    readonly flag: FlagKey;
  }): Promise<readonly BlameLine[]>;
}
