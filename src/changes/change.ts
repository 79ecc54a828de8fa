import type { Edit } from '../files/edit.js';
import type { FlagFile, Rule } from '../model/flag.js';
import type { EnvironmentKey, FlagKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { OverrideEntry } from '../model/override.js';
import type { SegmentFile } from '../model/segment.js';
import type { TestsFile } from '../model/test-case.js';
import type { AccessChange } from './access-change.js';
import type { ProjectChange } from './project-change.js';

/**
 * What somebody wants to be different, as a value: it can be queued, applied again on a newer commit, and described in
 * a commit message. Its organization is the write's. Keys are parsed keys, so nothing in it can leave its folder.
 */
export type Change =
  | FlagCreate
  | FlagUpdate
  | FlagDelete
  | FlagKill
  | FlagRestore
  | FlagCopy
  | SegmentCreate
  | SegmentUpdate
  | SegmentDelete
  | OverrideCreate
  | OverrideUpdate
  | OverrideDelete
  | RuleCreate
  | RuleUpdate
  | RuleMove
  | RuleDelete
  | TestsReplace
  | CommitRevert
  | ProjectChange
  | AccessChange;

/** A new flag, in a new file. */
export interface FlagCreate {
  readonly kind: 'flag.create';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly file: FlagFile;
}

/** Edits of a flag's file. An edit that says what the file says already changes nothing. */
export interface FlagUpdate {
  readonly kind: 'flag.update';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly edits: readonly Edit[];
  /** The environment in which the flag must not be killed, else the change is refused: FLAG_KILLED. */
  readonly unlessKilledIn?: EnvironmentKey;
}

/** The end of a flag; its overrides and tests go along. */
export interface FlagDelete {
  readonly kind: 'flag.delete';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

/**
 * The kill switch of one environment, set or released. On a file that is broken it writes the last good text with the
 * switch set. It is state, not targeting: tests do not stop it, and it goes first in the queue.
 */
export interface FlagKill {
  readonly kind: 'flag.kill' | 'flag.unkill';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly environment: EnvironmentKey;
}

/** A flag as an older commit had it, with its overrides and tests. */
export interface FlagRestore {
  readonly kind: 'flag.restore';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  /** The commit, 40 hexadecimal digits. */
  readonly commit: string;
  /** What it had; null where it had no such file. */
  readonly texts: FlagTexts;
}

/**
 * Another flag that says the same: the text with its comments, without id and times, and the tests. Exceptions are for
 * the people of the one flag, and stay.
 */
export interface FlagCopy {
  readonly kind: 'flag.copy';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly to: FlagKey;
  /** The project of the new flag, where it is another one. */
  readonly toProject?: ProjectKey;
}

/** The files of one flag as texts; null where one is not there. */
export interface FlagTexts {
  readonly flag: string | null;
  readonly overrides: string | null;
  readonly tests: string | null;
}

/** A new segment, in a new file. */
export interface SegmentCreate {
  readonly kind: 'segment.create';
  readonly project: ProjectKey;
  readonly segment: SegmentKey;
  readonly file: SegmentFile;
}

/** Edits of a segment's file. */
export interface SegmentUpdate {
  readonly kind: 'segment.update';
  readonly project: ProjectKey;
  readonly segment: SegmentKey;
  readonly edits: readonly Edit[];
}

/** The end of a segment. */
export interface SegmentDelete {
  readonly kind: 'segment.delete';
  readonly project: ProjectKey;
  readonly segment: SegmentKey;
}

/** One more entry at the end of a flag's overrides; the file is made where there is none. */
export interface OverrideCreate {
  readonly kind: 'override.create';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly entry: OverrideEntry;
}

/** A name in a flag's overrides. No environment has one name twice, so a name and an environment are one entry at most. */
export interface OverrideName {
  readonly kind: 'user' | 'company';
  readonly name: string;
  /** Left out, all entries that have the name are meant. */
  readonly environment?: EnvironmentKey;
}

/**
 * Edits of what is said for one name. Places are those in an entry that has this name alone, in the environment that is
 * given; where its entry is for others as well, such a one is split off and stands behind it.
 */
export interface OverrideUpdate {
  readonly kind: 'override.update';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly name: OverrideName;
  readonly edits: readonly Edit[];
}

/**
 * Names out of a flag's overrides. Where an environment is given, an entry that covers more is narrowed to the others;
 * an entry without names goes, and so does a file without entries.
 */
export interface OverrideDelete {
  readonly kind: 'override.delete';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly names: readonly OverrideName[];
}

/** Where a rule stands: before another one, or last. */
export interface RulePlace {
  /** The id of the rule that comes after it; null for the end of the list. */
  readonly before: string | null;
}

/** One more rule. */
export interface RuleCreate extends RulePlace {
  readonly kind: 'rule.create';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly environment: EnvironmentKey;
  readonly rule: Rule;
}

/** Edits of a rule, found by its id. Places are those in the rule. */
export interface RuleUpdate {
  readonly kind: 'rule.update';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly environment: EnvironmentKey;
  readonly rule: string;
  readonly edits: readonly Edit[];
}

/** A rule to another place. */
export interface RuleMove extends RulePlace {
  readonly kind: 'rule.move';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly environment: EnvironmentKey;
  readonly rule: string;
}

/** The end of a rule. */
export interface RuleDelete {
  readonly kind: 'rule.delete';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly environment: EnvironmentKey;
  readonly rule: string;
}

/** What the flag must answer from now on; an empty list removes the file. */
export interface TestsReplace {
  readonly kind: 'tests.replace';
  readonly project: ProjectKey;
  readonly flag: FlagKey;
  readonly tests: TestsFile;
}

/**
 * What a commit did to the organization's files, taken back. A file that changed since is merged line by line, as git
 * does it; where that conflicts, the change is refused: REVERT_CONFLICT with the paths.
 */
export interface CommitRevert {
  readonly kind: 'commit.revert';
  /** The commit that is taken back, 40 hexadecimal digits. */
  readonly commit: string;
  /** The first line of its message. */
  readonly subject: string;
  readonly isMerge: boolean;
  /** The head of the history that told `changedSince`, 40 hexadecimal digits. */
  readonly head: string;
  /** The files that it changed below `flags/<org>/`. */
  readonly files: readonly RevertedFile[];
}

/** One file of a commit that is taken back; null where it was not there. */
export interface RevertedFile {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** True where a later commit changed the file, be it back to what the commit left: a kill that is set now is another one. */
  readonly changedSince: boolean;
}
