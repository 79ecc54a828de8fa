import { type Edit, effectiveEdits } from '../files/edit.js';
import { valueAfter } from '../files/edit-steps.js';
import { pathOf } from '../files/paths.js';
import type { Source } from '../files/yaml-source.js';
import { Failure } from '../model/failure.js';
import type { JsonValue } from '../model/values.js';
import { applyEdits, editsBelow, listAt } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { OverrideCreate, OverrideDelete, OverrideName, OverrideUpdate } from './change.js';
import type { Draft } from './draft.js';
import { newText } from './new-text.js';
import { deletionEdits, type OwnEntry, ownEntries } from './override-names.js';
import { refuseUnknownEnvironment, refuseUnknownFlag } from './refusals.js';

type OverrideChange = OverrideCreate | OverrideUpdate | OverrideDelete;

export function createOverride(
  files: Draft,
  change: OverrideCreate,
  { org, now }: ApplyOptions,
): readonly OverrideCreate[] {
  refuseUnknownFlag(files, org, change);
  const path = overridesPath(org, change);
  const source = files.readSource(path);
  if (source === undefined) {
    files.put(path, newText({ kind: 'overrides', value: [change.entry] }, files.base));
    return [change];
  }
  const edits = [{ at: [entriesOf(source).length], insert: change.entry as unknown as JsonValue }];
  return applyEdits(files, { source, edits, now }).length === 0 ? [] : [change];
}

/** Others whom the entry names, and other environments, keep what it said: what is changed is split off before. */
export function updateOverride(
  files: Draft,
  change: OverrideUpdate,
  { org, now }: ApplyOptions,
): readonly OverrideUpdate[] {
  refuseUnknownFlag(files, org, change);
  const { project, name } = change;
  const source = files.readSource(overridesPath(org, change));
  const own = ownEntries(entriesOf(source), name, files.base.environmentsOf(project));
  if (source === undefined || own.length === 0) throw overrideNotFound(change, name);
  const updates = own.map((entry) => ownUpdate(source, entry, change.edits));
  applyEdits(files, { source, edits: updates.flatMap(({ edits }) => edits), now });
  const edits = change.edits.filter((edit) => updates.some(({ effective }) => effective.includes(edit)));
  return edits.length === 0 ? [] : [{ ...change, edits }];
}

/** The edits of the file, and those of the entry that they come from. */
interface OwnUpdate {
  readonly edits: readonly Edit[];
  readonly effective: readonly Edit[];
}

function ownUpdate(source: Source, own: OwnEntry, edits: readonly Edit[]): OwnUpdate {
  const effective = effectiveEdits({ ...source, value: own.entry }, edits);
  if (effective.length === 0) return { edits: [], effective };
  const split = own.splitOff(effective.reduce(valueAfter, own.entry));
  return { edits: split.length > 0 ? split : editsBelow([own.place], effective), effective };
}

/** The names go one after the other. A file without entries goes too, whatever comments it has. */
export function deleteOverride(
  files: Draft,
  change: OverrideDelete,
  { org, now }: ApplyOptions,
): readonly OverrideDelete[] {
  refuseUnknownFlag(files, org, change);
  const { project } = change;
  const source = files.readSource(overridesPath(org, change));
  let value: JsonValue = entriesOf(source);
  const edits = change.names.flatMap((name) => {
    if (name.environment !== undefined) {
      refuseUnknownEnvironment(files, { project, environment: name.environment });
    }
    const found = deletionEdits(value as readonly JsonValue[], name, files.base.environmentsOf(project));
    if (found.length === 0) throw overrideNotFound(change, name);
    value = found.reduce(valueAfter, value);
    return found;
  });
  if (source === undefined || edits.length === 0) return [];
  if (Array.isArray(value) && value.length === 0) files.put(source.path, null);
  else applyEdits(files, { source, edits, now });
  return [change];
}

function overridesPath(org: ApplyOptions['org'], { project, flag: key }: OverrideChange): string {
  return pathOf({ kind: 'overrides', org, project, key });
}

function entriesOf(source: Source | undefined): readonly JsonValue[] {
  return source === undefined ? [] : listAt(source, 'overrides', []);
}

function overrideNotFound({ flag }: OverrideChange, { kind, name, environment }: OverrideName): Failure {
  const where = environment === undefined ? '' : ` in ${environment}`;
  const sentence = `flag ${flag} has no override for ${kind} ${name}${where}`;
  return new Failure('not-found', 'OVERRIDE_NOT_FOUND', sentence);
}
