import { pathOf } from '../files/paths.js';
import type { Source } from '../files/yaml-source.js';
import { apiKeyId } from '../model/api-key.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import { environmentKeys } from '../model/project.js';
import type { JsonValue } from '../model/values.js';
import { applyEdits, editsBelow, listAt, valueAt } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { Draft } from './draft.js';
import { newText } from './new-text.js';
import type { KeyCreate, KeyDelete, KeyUpdate } from './project-change.js';
import { readProject } from './project-files.js';
import { refuseFixed, refuseUnsafeName, refuseUnsafeTexts, valuesOf } from './written-names.js';

export function createKey(files: Draft, change: KeyCreate, { org, now }: ApplyOptions): readonly KeyCreate[] {
  const { project, entry } = change;
  refuseUnsafeName('the name of the key', entry.name);
  refuseUnsafeName('the creator of the key', entry.createdBy);
  if (!environmentKeys(readProject(files, org, project).value).includes(entry.environment)) {
    const sentence = `there is no environment ${entry.environment} in ${project}`;
    throw new Failure('not-found', 'ENVIRONMENT_NOT_FOUND', sentence);
  }
  const path = pathOf({ kind: 'api-keys', org, project });
  const source = files.readSource(path);
  if (source === undefined) {
    files.put(path, newText({ kind: 'api-keys', value: [entry] }, files.base));
    return [change];
  }
  const edits = [{ at: [listAt(source, 'api-keys', []).length], insert: entry as unknown as JsonValue }];
  applyEdits(files, { source, edits, now });
  return [change];
}

/** Where the id comes from the hash, a new hash writes it down: whoever knows the key by it finds it again. */
export function updateKey(files: Draft, change: KeyUpdate, { org, now }: ApplyOptions): readonly KeyUpdate[] {
  const { source, place, entry } = foundKey(files, change, org);
  refuseFixed(`API key ${change.id}`, change.edits, ['id', 'kind', 'environment']);
  for (const value of valuesOf(change.edits)) refuseUnsafeTexts('the key', value);
  const hasNewHash = change.edits.some(({ at: [field] }) => field === 'hash');
  const isDerived = valueAt(entry, ['id']) === undefined;
  const below = editsBelow([place], change.edits);
  const pin = hasNewHash && isDerived ? [{ at: [place, 'id'], set: change.id }] : [];
  const done = new Set(applyEdits(files, { source, edits: [...below, ...pin], now }));
  const edits = change.edits.filter((_, index) => below[index] !== undefined && done.has(below[index]));
  return edits.length === 0 ? [] : [{ ...change, edits }];
}

export function deleteKey(files: Draft, change: KeyDelete, { org, now }: ApplyOptions): readonly KeyDelete[] {
  const { source, place, count } = foundKey(files, change, org);
  if (count === 1) files.put(source.path, null);
  else applyEdits(files, { source, edits: [{ at: [place], remove: true }], now });
  return [change];
}

interface FoundKey {
  readonly source: Source;
  readonly entry: JsonValue;
  readonly place: number;
  /** How many keys the file has. */
  readonly count: number;
}

/** A key of another environment is not there for those who manage this one. */
function foundKey(files: Draft, { project, environment, id }: KeyUpdate | KeyDelete, org: OrgKey): FoundKey {
  const source = files.readSource(pathOf({ kind: 'api-keys', org, project }));
  const entries = source === undefined ? [] : listAt(source, 'api-keys', []);
  const place = entries.findIndex((entry) => {
    const own = valueAt(entry, ['id']);
    const hash = String(valueAt(entry, ['hash']));
    const isOwn = apiKeyId(own === undefined ? { hash } : { id: String(own), hash }, { org, project }) === id;
    return isOwn && valueAt(entry, ['environment']) === environment;
  });
  const entry = entries[place];
  if (source !== undefined && entry !== undefined) return { source, entry, place, count: entries.length };
  const sentence = `there is no API key ${id} in ${project} for ${environment}`;
  throw new Failure('not-found', 'KEY_NOT_FOUND', sentence);
}
