import { fileBroken } from '../files/edit-refusal.js';
import { parseText } from '../files/parse.js';
import type { ParsedFile } from '../files/parsed.js';
import { FLAGS_FOLDER, pathOf } from '../files/paths.js';
import type { Source } from '../files/yaml-source.js';
import { textOf } from '../files/yaml-text.js';
import { Failure } from '../model/failure.js';
import type { OrgKey, ProjectKey } from '../model/keys.js';
import type { OrgFile } from '../model/org.js';
import type { ProjectFile } from '../model/project.js';
import type { Draft } from './draft.js';

/** A file that edits are about, and what it says. */
export interface ReadFile<Value> {
  readonly source: Source;
  readonly value: Value;
}

/** The source of a project's file. Throws PROJECT_NOT_FOUND, and FILE_BROKEN for what cannot be edited. */
export function projectSource(files: Draft, org: OrgKey, project: ProjectKey): Source {
  const source = files.readSource(pathOf({ kind: 'project', org, project }));
  if (source === undefined) throw projectNotFound(org, project);
  return source;
}

/** The same with what it says. Throws FILE_BROKEN too where the judge of the files has an error. */
export function readProject(files: Draft, org: OrgKey, project: ProjectKey): ReadFile<ProjectFile> {
  const source = projectSource(files, org, project);
  const { value, problems } = parseText('project', textOf(source), source);
  if (value === undefined) throw brokenFile(source, problems);
  return { source, value };
}

/** The organization's file and what it says; undefined where there is none. Throws FILE_BROKEN. */
export function readOrg(files: Draft, org: OrgKey): ReadFile<OrgFile> | undefined {
  const source = files.readSource(pathOf({ kind: 'org', org }));
  if (source === undefined) return undefined;
  const { value, problems } = parseText('org', textOf(source), source);
  if (value === undefined) throw brokenFile(source, problems);
  return { source, value };
}

/** The folder of an organization, or of one of its projects; ends in `/`. */
export function folderOf(org: OrgKey, project?: ProjectKey): string {
  return `${FLAGS_FOLDER}/${org}/${project === undefined ? '' : `${project}/`}`;
}

export function projectNotFound(org: OrgKey, project: ProjectKey): Failure {
  return new Failure('not-found', 'PROJECT_NOT_FOUND', `there is no project ${org}/${project}`);
}

function brokenFile({ path }: Source, problems: ParsedFile['problems']): Failure {
  return fileBroken(problems.map((problem) => ({ path, ...problem })));
}
