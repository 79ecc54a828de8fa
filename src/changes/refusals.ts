import { pathOf } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey } from '../model/keys.js';
import type { Draft } from './draft.js';
import { projectNotFound } from './project-files.js';

/** What a change is about, as far as all of them say it. */
export interface FlagOfChange {
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

/** Throws PROJECT_NOT_FOUND. */
export function refuseUnknownProject(files: Draft, org: OrgKey, project: ProjectKey): void {
  if (files.has(pathOf({ kind: 'project', org, project }))) return;
  throw projectNotFound(org, project);
}

/** Throws FLAG_NOT_FOUND. */
export function refuseUnknownFlag(files: Draft, org: OrgKey, change: FlagOfChange): void {
  if (!files.has(pathOf({ kind: 'flag', org, project: change.project, key: change.flag })))
    throw flagNotFound(change);
}

export function flagNotFound({ flag, project }: FlagOfChange): Failure {
  return new Failure('not-found', 'FLAG_NOT_FOUND', `there is no flag ${flag} in ${project}`);
}

/** Throws ENVIRONMENT_NOT_FOUND. Where nobody can tell, the judge of the files will. */
export function refuseUnknownEnvironment(
  files: Draft,
  { project, environment }: { readonly project: ProjectKey; readonly environment: EnvironmentKey },
): void {
  const known = files.base.environmentsOf(project);
  if (known === undefined || known.includes(environment)) return;
  const sentence = `there is no environment ${environment} in ${project}`;
  throw new Failure('not-found', 'ENVIRONMENT_NOT_FOUND', sentence);
}

/** Throws FLAG_EXISTS or SEGMENT_EXISTS where a file has this name, or one that differs only in case. */
export function refuseTwin(files: Draft, path: string, kind: 'flag' | 'segment'): void {
  const twin = files.twinOf(path);
  if (twin === undefined) return;
  const sentence =
    twin === path
      ? `${path} is there already`
      : `${twin} is there already, and differs only in case from ${path}`;
  const code = kind === 'flag' ? 'FLAG_EXISTS' : 'SEGMENT_EXISTS';
  throw new Failure('conflict', code, sentence, { data: { details: { path: twin } } });
}

/** The refusal to let go by the way what somebody has killed. */
export function flagKilled(flag: string, environments: readonly string[]): Failure {
  const sentence = `flag ${flag}: killed in ${environments.join(', ')}, unkill it first`;
  return new Failure('conflict', 'FLAG_KILLED', sentence, { data: { details: { environments } } });
}
