import { pathOf, placeOf } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { OrgKey, ProjectKey } from '../model/keys.js';
import { applyEdits } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import { endRolesIn } from './apply-role-end.js';
import type { Draft } from './draft.js';
import { newText } from './new-text.js';
import type { ProjectCreate, ProjectDelete, ProjectUpdate } from './project-change.js';
import { folderOf, projectNotFound, projectSource, readOrg } from './project-files.js';
import { refuseUnsafeName, refuseUnsafeTexts, valuesOf } from './written-names.js';

/** Where it would become the default by the order of the keys, the default of now is written down. */
export function createProject(
  files: Draft,
  change: ProjectCreate,
  { org, now }: ApplyOptions,
): readonly ProjectCreate[] {
  const { project, file } = change;
  const path = pathOf({ kind: 'project', org, project });
  if (files.has(path)) throw projectExists(org, project);
  refuseUnsafeName('the name of the project', file.name);
  for (const environment of file.environments) {
    if (typeof environment !== 'string') refuseUnsafeName('the name of the environment', environment.name);
  }
  const [first] = projectKeys(files, org);
  if (first !== undefined && project < first) pinDefault(files, first, { org, now });
  files.put(path, newText({ kind: 'project', value: file }, files.base));
  return [change];
}

export function updateProject(
  files: Draft,
  change: ProjectUpdate,
  { org, now }: ApplyOptions,
): readonly ProjectUpdate[] {
  const source = projectSource(files, org, change.project);
  for (const field of ['name', 'environments']) {
    const within = change.edits.filter(({ at }) => at[0] === field || at.length === 0);
    for (const value of valuesOf(within)) refuseUnsafeTexts(`${field} of the project`, value);
  }
  const edits = applyEdits(files, { source, edits: change.edits, now });
  return edits.length === 0 ? [] : [{ ...change, edits }];
}

/**
 * What people may do in it goes along. An organization that loses its last project keeps a file of its own: a folder
 * without files is none.
 */
export function deleteProject(
  files: Draft,
  change: ProjectDelete,
  { org, now }: ApplyOptions,
): readonly ProjectDelete[] {
  const { project, cascade } = change;
  const paths = files.pathsBelow(folderOf(org, project));
  if (paths.length === 0) throw projectNotFound(org, project);
  if (!cascade) refuseFull(change, paths);
  unpinDefault(files, project, { org, now });
  endRolesIn(files, { project }, { org, now });
  for (const path of paths) files.put(path, null);
  if (files.pathsBelow(folderOf(org)).length === 0) {
    files.put(pathOf({ kind: 'org', org }), newText({ kind: 'org', value: {} }, files.base));
  }
  return [change];
}

/** Those that are served, in order: of one that never was good nobody is answered, so it is no default. */
function projectKeys(files: Draft, org: OrgKey): readonly ProjectKey[] {
  const keys = files.pathsBelow(folderOf(org)).flatMap((path) => {
    const meaning = placeOf(path);
    return meaning.kind === 'file' && meaning.place.kind === 'project' ? [meaning.place.project] : [];
  });
  const isServed = (key: ProjectKey): boolean =>
    files.base.environmentsOf(key) !== undefined ||
    !files.base.paths.has(pathOf({ kind: 'project', org, project: key }));
  return keys.filter(isServed).sort();
}

function pinDefault(files: Draft, project: ProjectKey, { org, now }: ApplyOptions): void {
  const file = readOrg(files, org);
  if (file === undefined) {
    const value = { defaultProject: project };
    files.put(pathOf({ kind: 'org', org }), newText({ kind: 'org', value }, files.base));
  } else if (file.value.defaultProject === undefined) {
    applyEdits(files, { source: file.source, edits: [{ at: ['defaultProject'], set: project }], now });
  }
}

function unpinDefault(files: Draft, project: ProjectKey, { org, now }: ApplyOptions): void {
  const file = readOrg(files, org);
  if (file === undefined || file.value.defaultProject !== project) return;
  applyEdits(files, { source: file.source, edits: [{ at: ['defaultProject'], remove: true }], now });
}

/** So many things are listed; the sentence counts all of them. */
const LISTED = 100;

function refuseFull({ project }: ProjectDelete, paths: readonly string[]): void {
  const flags = keysOf('flag', paths);
  const segments = keysOf('segment', paths);
  const others = paths.filter((path) => !FULL_BUT_FOR.has(kindOf(path)));
  if (flags.length + segments.length + others.length === 0) return;
  const counts = `${flags.length} flags, ${segments.length} segments and ${others.length} other files`;
  const sentence = `project ${project} cannot be deleted, there is something in it: ${counts}`;
  const lists = { flags, segments, otherFiles: others };
  const details = Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, list.slice(0, LISTED)]),
  );
  throw new Failure('conflict', 'PROJECT_IN_USE', sentence, { data: { details } });
}

/** What is no other file. */
const FULL_BUT_FOR: ReadonlySet<string | undefined> = new Set(['flag', 'segment', 'project']);

function keysOf(kind: 'flag' | 'segment', paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const meaning = placeOf(path);
    return meaning.kind === 'file' && meaning.place.kind === kind ? [meaning.place.key] : [];
  });
}

function kindOf(path: string): string | undefined {
  const meaning = placeOf(path);
  return meaning.kind === 'file' ? meaning.place.kind : undefined;
}

function projectExists(org: OrgKey, project: ProjectKey): Failure {
  return new Failure('conflict', 'PROJECT_EXISTS', `there is a project ${org}/${project} already`);
}
