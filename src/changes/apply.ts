import type { ParsedFile } from '../files/parsed.js';
import { pathOf } from '../files/paths.js';
import type { OrgKey } from '../model/keys.js';
import { unreachable } from '../model/unreachable.js';
import type { AccessChange } from './access-change.js';
import { createAccess, deleteAccess, updateAccess } from './apply-access.js';
import { copyFlag } from './apply-copy.js';
import { createEnvironment, deleteEnvironment, updateEnvironment } from './apply-environment.js';
import { createFlag, deleteFlag, updateFlag } from './apply-flag.js';
import { createKey, deleteKey, updateKey } from './apply-key.js';
import { switchKill } from './apply-kill.js';
import type { ApplyOptions } from './apply-options.js';
import { createOverride, deleteOverride, updateOverride } from './apply-override.js';
import { createProject, deleteProject, updateProject } from './apply-project.js';
import { restoreFlag, revertCommit } from './apply-revert.js';
import { createRule, deleteRule, moveRule, updateRule } from './apply-rule.js';
import { createSegment, deleteSegment, updateSegment } from './apply-segment.js';
import { replaceTests } from './apply-tests.js';
import type { BaseFiles, FileEdit } from './base-files.js';
import type { Change, FlagCopy } from './change.js';
import { Draft } from './draft.js';
import type { ProjectChange } from './project-change.js';
import type { FlagOfChange } from './refusals.js';

/** What became of the changes. */
export interface Applied {
  /** Files whose text is another one afterwards, one entry each. */
  readonly edits: readonly FileEdit[];
  /** In the order of the edits, the files as they are to be served; null for one that goes, and for one that is none of ours. */
  readonly parsed: readonly (ParsedFile | null)[];
  /**
   * The changes without what the files said already, and without those whose files end as they began: what a commit
   * message is about.
   */
  readonly effective: readonly Change[];
}

/**
 * Applies the changes one after the other, each to what the ones before it left. Pure. Throws `Failure` FLAG_EXISTS,
 * SEGMENT_EXISTS, RULE_EXISTS, PROJECT_NOT_FOUND, ENVIRONMENT_NOT_FOUND, FLAG_NOT_FOUND, SEGMENT_NOT_FOUND,
 * RULE_NOT_FOUND, OVERRIDE_NOT_FOUND, NO_SUCH_PLACE, FLAG_KILLED, REVERT_CONFLICT, ACCESS_FILES or FILE_BROKEN; those
 * of organizations, projects and keys PROJECT_EXISTS, PROJECT_IN_USE, ENVIRONMENT_EXISTS, ENVIRONMENT_IN_USE,
 * LAST_ENVIRONMENT, DEFAULT_ENVIRONMENT, KEY_NOT_FOUND, MEMBER_EXISTS, MEMBER_NOT_FOUND (and so for GROUP and
 * INVITATION), LAST_ADMIN, INVALID_NAME or FIXED_FIELD.
 */
export function applyChanges(changes: readonly Change[], base: BaseFiles, options: ApplyOptions): Applied {
  const files = new Draft(base);
  const done = changes.flatMap((change) => applyOne(files, change, options));
  const edits = files.edits();
  const edited = new Set(edits.map(({ path }) => path));
  const effective = done.filter((change) => pathsOf(options.org, change).some((path) => edited.has(path)));
  return { edits, parsed: edits.map(({ path }) => files.parsed(path)), effective };
}

/** The file that a change is about; of a commit that is taken back, the first of its files. */
export function mainPath(org: OrgKey, change: Change): string {
  return pathsOf(org, change)[0] ?? pathOf({ kind: 'org', org });
}

/** Every file that a change may touch, the main one first. */
export function pathsOf(org: OrgKey, change: Change): readonly string[] {
  switch (change.kind) {
    case 'flag.delete':
    case 'flag.restore':
      return flagPaths(org, change, ['flag', 'overrides', 'tests']);
    case 'segment.create':
    case 'segment.update':
    case 'segment.delete':
      return [pathOf({ kind: 'segment', org, project: change.project, key: change.segment })];
    case 'override.create':
    case 'override.update':
    case 'override.delete':
      return flagPaths(org, change, ['overrides']);
    case 'tests.replace':
      return flagPaths(org, change, ['tests']);
    case 'commit.revert':
      return change.files.map(({ path }) => path);
    case 'flag.copy':
      return [...copyPaths(org, change), ...flagPaths(org, change, ['flag', 'tests'])];
    case 'project.create':
    case 'project.delete':
    case 'environment.delete':
      return [pathOf({ kind: 'project', org, project: change.project }), pathOf({ kind: 'org', org })];
    case 'project.update':
    case 'environment.create':
    case 'environment.update':
      return [pathOf({ kind: 'project', org, project: change.project })];
    case 'key.create':
    case 'key.update':
    case 'key.delete':
      return KEY_KINDS.map((kind) => pathOf({ kind, org, project: change.project }));
    case 'access.create':
    case 'access.update':
    case 'access.delete':
      return [pathOf({ kind: 'org', org })];
    default:
      return flagPaths(org, change, ['flag']);
  }
}

/** A key is for an environment that the project has. */
const KEY_KINDS = ['api-keys', 'project'] as const;

function copyPaths(org: OrgKey, { project, toProject = project, to }: FlagCopy): readonly string[] {
  return flagPaths(org, { project: toProject, flag: to }, ['flag', 'tests']);
}

/**
 * The files that must be good for what the changes leave there to be served: an error of theirs that stays refuses the
 * write. A kill is served whatever is broken, and what is taken back may be only a part of the repair.
 */
export function servedPaths(org: OrgKey, changes: readonly Change[]): ReadonlySet<string> {
  return new Set(changes.flatMap((change) => servedPathsOf(org, change)));
}

function servedPathsOf(org: OrgKey, change: Change): readonly string[] {
  switch (change.kind) {
    case 'flag.delete':
    case 'segment.delete':
    case 'flag.kill':
    case 'flag.unkill':
    case 'commit.revert':
    case 'project.delete':
    case 'key.delete':
      return [];
    case 'segment.create':
    case 'segment.update':
    case 'tests.replace':
      return pathsOf(org, change);
    case 'project.create':
    case 'project.update':
    case 'environment.create':
    case 'environment.update':
    case 'environment.delete':
    case 'key.create':
    case 'key.update':
    case 'access.create':
    case 'access.update':
    case 'access.delete':
    case 'flag.copy':
      return [mainPath(org, change)];
    default:
      return flagPaths(org, change, ['flag', 'overrides']);
  }
}

function flagPaths(
  org: OrgKey,
  { project, flag: key }: FlagOfChange,
  kinds: readonly ('flag' | 'overrides' | 'tests')[],
): readonly string[] {
  return kinds.map((kind) => pathOf({ kind, org, project, key }));
}

function applyOne(files: Draft, change: Change, options: ApplyOptions): readonly Change[] {
  switch (change.kind) {
    case 'flag.create':
      return createFlag(files, change, options);
    case 'flag.update':
      return updateFlag(files, change, options);
    case 'flag.delete':
      return deleteFlag(files, change, options);
    case 'flag.kill':
    case 'flag.unkill':
      return switchKill(files, change, options);
    case 'flag.restore':
      return restoreFlag(files, change, options);
    case 'flag.copy':
      return copyFlag(files, change, options);
    case 'segment.create':
      return createSegment(files, change, options);
    case 'segment.update':
      return updateSegment(files, change, options);
    case 'segment.delete':
      return deleteSegment(files, change, options);
    case 'override.create':
      return createOverride(files, change, options);
    case 'override.update':
      return updateOverride(files, change, options);
    case 'override.delete':
      return deleteOverride(files, change, options);
    case 'rule.create':
      return createRule(files, change, options);
    case 'rule.update':
      return updateRule(files, change, options);
    case 'rule.move':
      return moveRule(files, change, options);
    case 'rule.delete':
      return deleteRule(files, change, options);
    case 'tests.replace':
      return replaceTests(files, change, options);
    case 'commit.revert':
      return revertCommit(files, change, options);
    default:
      return applyToOrganization(files, change, options);
  }
}

function applyToOrganization(
  files: Draft,
  change: ProjectChange | AccessChange,
  options: ApplyOptions,
): readonly Change[] {
  switch (change.kind) {
    case 'project.create':
      return createProject(files, change, options);
    case 'project.update':
      return updateProject(files, change, options);
    case 'project.delete':
      return deleteProject(files, change, options);
    case 'environment.create':
      return createEnvironment(files, change, options);
    case 'environment.update':
      return updateEnvironment(files, change, options);
    case 'environment.delete':
      return deleteEnvironment(files, change, options);
    case 'key.create':
      return createKey(files, change, options);
    case 'key.update':
      return updateKey(files, change, options);
    case 'key.delete':
      return deleteKey(files, change, options);
    case 'access.create':
      return createAccess(files, change, options);
    case 'access.update':
      return updateAccess(files, change, options);
    case 'access.delete':
      return deleteAccess(files, change, options);
    default:
      return unreachable(change);
  }
}
