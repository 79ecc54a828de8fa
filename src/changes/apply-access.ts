import { type Edit, effectiveEdits } from '../files/edit.js';
import { valueAfter } from '../files/edit-steps.js';
import { pathOf } from '../files/paths.js';
import { foldEmail } from '../model/email.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import type { OrgFile } from '../model/org.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { AccessCreate, AccessDelete, AccessList, AccessUpdate } from './access-change.js';
import { applyEdits, editsBelow, valueAt } from './apply-edits.js';
import type { ApplyOptions } from './apply-options.js';
import type { Draft } from './draft.js';
import { newText } from './new-text.js';
import { type ReadFile, readOrg } from './project-files.js';
import { refuseFixed, refuseUnsafeEmail, refuseUnsafeTexts } from './written-names.js';

export function createAccess(
  files: Draft,
  change: AccessCreate,
  { org, now }: ApplyOptions,
): readonly AccessCreate[] {
  const { list } = change;
  const entry = change.entry as unknown as JsonObject;
  refuseUnsafeEntry(list, entry);
  const file = readOrg(files, org);
  if (file === undefined) {
    files.put(pathOf({ kind: 'org', org }), newText({ kind: 'org', value: { [list]: [entry] } }, files.base));
    return [change];
  }
  const names = namesIn(file.value, list);
  if (names.includes(foldEmail(accessName(change)))) throw entryExists(change);
  const edits = [{ at: [list, names.length], insert: entry }];
  applyEdits(files, { source: file.source, edits, now });
  return [change];
}

export function updateAccess(
  files: Draft,
  change: AccessUpdate,
  { org, now }: ApplyOptions,
): readonly AccessUpdate[] {
  const { list, name } = change;
  const { file, place } = foundEntry(files, change, org);
  refuseFixed(`${WORDS[list]} ${name}`, change.edits, [NAME_FIELDS[list]]);
  const entry = valueAt(file.source.value, [list, place]) ?? null;
  const edits = effectiveEdits({ ...file.source, value: entry }, change.edits);
  if (edits.length === 0) return [];
  const after = edits.reduce<JsonValue>(valueAfter, entry) as JsonObject;
  const fields = new Set(edits.map(({ at: [field] }) => String(field)));
  refuseUnsafeEntry(list, Object.fromEntries(Object.entries(after).filter(([field]) => fields.has(field))));
  edit(files, { file, change, edits: editsBelow([list, place], edits), now });
  return [{ ...change, edits }];
}

/** A list without entries goes too. */
export function deleteAccess(
  files: Draft,
  change: AccessDelete,
  { org, now }: ApplyOptions,
): readonly AccessDelete[] {
  const { list } = change;
  const { file, place } = foundEntry(files, change, org);
  const at = namesIn(file.value, list).length === 1 ? [list] : [list, place];
  edit(files, { file, change, edits: [{ at, remove: true }], now });
  return [change];
}

/** The name by which the lists know an entry. */
export function accessName(change: AccessCreate): string {
  return change.list === 'groups' ? change.entry.key : change.entry.email;
}

/** What an entry of each list is called, and the field that names it. */
const WORDS = { members: 'member', groups: 'group', invitations: 'invitation of' } as const;
const NAME_FIELDS = { members: 'email', groups: 'key', invitations: 'email' } as const;

interface AccessEdit {
  readonly file: ReadFile<OrgFile>;
  readonly change: AccessUpdate | AccessDelete;
  readonly edits: readonly Edit[];
  readonly now: number;
}

/** Throws `Failure` LAST_ADMIN where nobody would be left who may manage the organization. */
function edit(files: Draft, { file, change, edits, now }: AccessEdit): void {
  const { source } = file;
  const after = edits.reduce<JsonValue>(valueAfter, source.value);
  if (change.mayLeaveNoAdmin !== true && hasAdmin(source.value) && !hasAdmin(after)) throw lastAdmin(change);
  applyEdits(files, { source, edits, now });
}

/** What the edits make is not judged yet, so it may hold anything. */
function hasAdmin(file: JsonValue): boolean {
  const isAdmin = (entry: JsonValue): boolean => itemsAt(entry, ['permissions']).includes('org:admin');
  return (
    itemsAt(file, ['members']).some(isAdmin) ||
    itemsAt(file, ['groups']).some((group) => isAdmin(group) && itemsAt(group, ['members']).length > 0)
  );
}

function itemsAt(value: JsonValue, at: readonly string[]): readonly JsonValue[] {
  const items = valueAt(value, at);
  return Array.isArray(items) ? items : [];
}

/** As they compare. */
function namesIn(file: OrgFile, list: AccessList): readonly string[] {
  if (list === 'groups') return (file.groups ?? []).map(({ key }) => key);
  return (file[list] ?? []).map(({ email }) => foldEmail(email));
}

function foundEntry(
  files: Draft,
  { list, name }: AccessUpdate | AccessDelete,
  org: OrgKey,
): { readonly file: ReadFile<OrgFile>; readonly place: number } {
  const file = readOrg(files, org);
  const place = file === undefined ? -1 : namesIn(file.value, list).indexOf(foldEmail(name));
  if (file !== undefined && place >= 0) return { file, place };
  throw new Failure('not-found', `${CODES[list]}_NOT_FOUND`, `${org} has no ${WORDS[list]} ${name}`);
}

const CODES = { members: 'MEMBER', groups: 'GROUP', invitations: 'INVITATION' } as const;

/** Throws `Failure` INVALID_NAME for what forges lines or addresses. */
function refuseUnsafeEntry(list: AccessList, entry: JsonObject): void {
  refuseUnsafeTexts(`the ${list === 'groups' ? 'group' : 'person'}`, entry);
  for (const field of ['email', 'invitedBy'] as const) {
    const email = entry[field];
    if (typeof email === 'string') refuseUnsafeEmail(field, email);
  }
  if (list !== 'groups') return;
  for (const email of itemsAt(entry, ['members'])) {
    if (typeof email === 'string') refuseUnsafeEmail('a member of the group', email);
  }
}

function entryExists(change: AccessCreate): Failure {
  const { list } = change;
  const sentence = `${WORDS[list]} ${accessName(change)}: is there already`;
  return new Failure('conflict', `${CODES[list]}_EXISTS`, sentence);
}

function lastAdmin({ list, name }: AccessUpdate | AccessDelete): Failure {
  const sentence = `${WORDS[list]} ${name}: nobody would have the role org:admin any more, give it to somebody else first`;
  return new Failure('conflict', 'LAST_ADMIN', sentence);
}
