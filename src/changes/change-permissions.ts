import { placeOf } from '../files/paths.js';
import type { Need } from '../model/permission.js';
import { unreachable } from '../model/unreachable.js';
import type { Change, FlagCopy, FlagUpdate, OverrideName, OverrideUpdate } from './change.js';

/**
 * What somebody must be allowed to do so that they may make the change; never empty. An environment's admin may change
 * what a flag says in that environment alone: its state, its rules, the exceptions that count nowhere else, its keys.
 */
export function permissionsOf(change: Change): readonly Need[] {
  switch (change.kind) {
    case 'flag.update':
      return needsOfFlagUpdate(change);
    case 'flag.kill':
    case 'flag.unkill':
    case 'rule.create':
    case 'rule.update':
    case 'rule.move':
    case 'rule.delete':
    case 'key.update':
    case 'key.delete':
      return [manageEnvironment(change.project, change.environment)];
    case 'key.create':
      return [manageEnvironment(change.project, change.entry.environment)];
    case 'override.create':
      return manageEnvironments(change.project, change.entry.environments);
    case 'override.update':
      return needsOfOverrideUpdate(change);
    case 'override.delete':
      return manageEnvironments(change.project, environmentsOf(change.names));
    case 'flag.copy':
      return needsOfCopy(change);
    case 'flag.create':
    case 'flag.delete':
    case 'flag.restore':
    case 'segment.create':
    case 'segment.update':
    case 'segment.delete':
    case 'tests.replace':
    case 'project.update':
    case 'environment.create':
    case 'environment.update':
    case 'environment.delete':
      return [manageProject(change.project)];
    case 'commit.revert':
      return needsOfPaths(change.files.map(({ path }) => path));
    case 'project.create':
    case 'project.delete':
    case 'access.create':
    case 'access.update':
    case 'access.delete':
      return [MANAGE_ORG];
    default:
      return unreachable(change);
  }
}

/** What it takes to write whatever was at these paths; never empty. */
export function needsOfPaths(paths: readonly string[]): readonly Need[] {
  const projects = paths.map(projectAt);
  if (projects.length === 0 || projects.includes(undefined)) return [MANAGE_ORG];
  return [...new Set(projects)].flatMap((project) => (project === undefined ? [] : [manageProject(project)]));
}

const MANAGE_ORG: Need = { may: 'manage-org' };

function manageProject(project: string): Need {
  return { may: 'manage-project', project };
}

function manageEnvironment(project: string, environment: string): Need {
  return { may: 'manage-environment', project, environment };
}

/** What counts in all environments, or in nobody knows which, is the project's. An entry's may be whatever was sent. */
function manageEnvironments(project: string, environments: unknown): readonly Need[] {
  const isKnown = Array.isArray(environments) && environments.length > 0 && environments.every(isText);
  if (!isKnown) return [manageProject(project)];
  return [...new Set(environments)].map((environment) => manageEnvironment(project, environment));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function needsOfFlagUpdate({ project, edits }: FlagUpdate): readonly Need[] {
  const environments = edits.map(({ at: [field, environment] }) =>
    field === 'environments' && environment !== undefined ? String(environment) : undefined,
  );
  return manageEnvironments(project, allOf(environments));
}

/** Where the exception counts now, and where it would count. */
function needsOfOverrideUpdate({ project, name, edits }: OverrideUpdate): readonly Need[] {
  const environments = [name.environment, ...edits.flatMap(environmentsOfEdit)];
  return manageEnvironments(project, allOf(environments));
}

/** The environments in which an edit of an exception lets it count; undefined stands for all of them. */
function environmentsOfEdit(edit: OverrideUpdate['edits'][number]): readonly (string | undefined)[] {
  const [field, place] = edit.at;
  if (field !== undefined && field !== 'environments') return [];
  const value = 'set' in edit ? edit.set : 'insert' in edit ? edit.insert : undefined;
  if (place !== undefined) return [typeof value === 'string' ? value : undefined];
  const isList = field !== undefined && Array.isArray(value) && value.length > 0;
  return isList ? value.map((each) => (typeof each === 'string' ? each : undefined)) : [undefined];
}

function environmentsOf(names: readonly OverrideName[]): readonly string[] | undefined {
  return allOf(names.map(({ environment }) => environment));
}

/** Undefined where one of them is. */
function allOf(environments: readonly (string | undefined)[]): readonly string[] | undefined {
  const known = environments.filter((environment) => environment !== undefined);
  return known.length === environments.length ? known : undefined;
}

/** The copy shows what the flag says. */
function needsOfCopy({ project, toProject = project }: FlagCopy): readonly Need[] {
  if (toProject === project) return [manageProject(project)];
  return [{ may: 'view-project', project }, manageProject(toProject)];
}

/** Undefined for a file of the organization itself, and for what Flagstaff does not read. */
function projectAt(path: string): string | undefined {
  const meaning = placeOf(path);
  return meaning.kind === 'file' && 'project' in meaning.place ? meaning.place.project : undefined;
}
