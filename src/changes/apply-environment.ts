import { type Edit, effectiveEdits } from '../files/edit.js';
import { valueAfter } from '../files/edit-steps.js';
import { Failure } from '../model/failure.js';
import {
  defaultEnvironment,
  type EnvironmentEntry,
  environmentKeys,
  type ProjectFile,
} from '../model/project.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import { applyEdits } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import { endRolesIn } from './apply-role-end.js';
import type { Draft } from './draft.js';
import { narrowing, refuseNamed, takeOut, usesOfEnvironment } from './environment-uses.js';
import type { EnvironmentCreate, EnvironmentDelete, EnvironmentUpdate } from './project-change.js';
import { type ReadFile, readProject } from './project-files.js';
import { refuseFixed, refuseUnsafeName } from './written-names.js';

/** Behind the others. Where it would become the default by that, the default of now is written down. */
export function createEnvironment(
  files: Draft,
  change: EnvironmentCreate,
  { org, now }: ApplyOptions,
): readonly EnvironmentCreate[] {
  const { source, value } = readProject(files, org, change.project);
  const { environment } = change;
  refuseUnsafeName('the name of the environment', environment.name);
  if (environmentKeys(value).includes(environment.key)) throw environmentExists(change);
  const insert = { at: ['environments', value.environments.length], insert: entryOf(environment) };
  applyEdits(files, { source, edits: [insert, ...pinOf(value, environment)], now });
  return [change];
}

/** An entry that was no more than a key becomes one that has fields. */
export function updateEnvironment(
  files: Draft,
  change: EnvironmentUpdate,
  { org, now }: ApplyOptions,
): readonly EnvironmentUpdate[] {
  const { source, value } = readProject(files, org, change.project);
  const place = placeOf(value, change);
  refuseFixed(`environment ${change.environment}`, change.edits, ['key']);
  const written = value.environments[place];
  const entry = (typeof written === 'string' ? { key: written } : written) as unknown as JsonObject;
  const edits = effectiveEdits({ ...source, value: entry }, change.edits);
  if (edits.length === 0) return [];
  const after = edits.reduce<JsonValue>(valueAfter, entry);
  refuseUnsafeName('the name of the environment', (after as JsonObject).name);
  applyEdits(files, { source, edits: [{ at: ['environments', place], set: after }], now });
  return [{ ...change, edits }];
}

/** What names it goes along, or is in the way; what people may do in it, what webhooks tell and what is recorded of it, goes along always. */
export function deleteEnvironment(
  files: Draft,
  change: EnvironmentDelete,
  { org, now }: ApplyOptions,
): readonly EnvironmentDelete[] {
  const project = readProject(files, org, change.project);
  const place = placeOf(project.value, change);
  refuseNeeded(project, change);
  const uses = usesOfEnvironment(files, change, org);
  if (!change.cascade) refuseNamed(change, uses);
  for (const use of uses) takeOut(files, use, now);
  const edits = [
    { at: ['environments', place], remove: true } as const,
    ...webhookEdits(project, change),
    ...recordingEdits(project, change),
  ];
  applyEdits(files, { source: project.source, edits, now });
  endRolesIn(files, change, { org, now });
  return [change];
}

function webhookEdits({ value }: ReadFile<ProjectFile>, { environment }: EnvironmentDelete): readonly Edit[] {
  const webhooks = [...(value.webhooks ?? []).entries()].reverse();
  return webhooks
    .flatMap(([index, webhook]) => narrowing(webhook as unknown as JsonValue, index, environment))
    .map((edit) => ({ ...edit, at: ['webhooks', ...edit.at] }));
}

/** A map without entries goes whole. */
function recordingEdits(
  { value: { recording = {} } }: ReadFile<ProjectFile>,
  { environment }: EnvironmentDelete,
): readonly Edit[] {
  if (!Object.hasOwn(recording, environment)) return [];
  const isLast = Object.keys(recording).length === 1;
  return [{ at: isLast ? ['recording'] : ['recording', environment], remove: true }];
}

/** A name is all that makes an entry of a key. */
function entryOf(environment: EnvironmentEntry): JsonValue {
  const isBare = environment.name === undefined && environment.id === undefined;
  return isBare ? environment.key : (environment as unknown as JsonObject);
}

function pinOf(project: ProjectFile, added: EnvironmentEntry) {
  const kept = defaultEnvironment(project);
  const after = defaultEnvironment({ ...project, environments: [...project.environments, added] });
  return after === kept ? [] : [{ at: ['defaultEnvironment'], set: kept }];
}

function placeOf(value: ProjectFile, change: EnvironmentUpdate | EnvironmentDelete): number {
  const place = environmentKeys(value).indexOf(change.environment);
  if (place >= 0) return place;
  const sentence = `there is no environment ${change.environment} in ${change.project}`;
  throw new Failure('not-found', 'ENVIRONMENT_NOT_FOUND', sentence);
}

/** Callers who name no environment must go on to be answered, and by the same one. */
function refuseNeeded({ value }: ReadFile<ProjectFile>, { project, environment }: EnvironmentDelete): void {
  if (value.environments.length === 1) {
    const sentence = `${environment} cannot be deleted: it is the only environment of ${project}`;
    throw new Failure('conflict', 'LAST_ENVIRONMENT', sentence);
  }
  if (defaultEnvironment(value) !== environment) return;
  const sentence = `${environment} cannot be deleted: it is the default environment of ${project}, choose another first`;
  throw new Failure('conflict', 'DEFAULT_ENVIRONMENT', sentence);
}

function environmentExists({ project, environment }: EnvironmentCreate): Failure {
  const sentence = `${project} has an environment ${environment.key} already`;
  return new Failure('conflict', 'ENVIRONMENT_EXISTS', sentence);
}
