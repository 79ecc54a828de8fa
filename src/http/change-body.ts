import { mainPath } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { Failure } from '../model/failure.js';
import { type OrgKey, parseProjectKey } from '../model/keys.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { ExpectedFiles, Precondition } from '../repository/write-request.js';
import type { Caller } from './access.js';
import { isObject } from './body.js';
import { KIND_READERS, type SentKind } from './change-kinds.js';
import { readExpects } from './expects.js';
import { type RestoreSource, restoreOf } from './flag-restore.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readKey,
  readList,
  readSwitch,
  readText,
  required,
} from './json-fields.js';
import { demandToWrite } from './write-changes.js';
import { readWords, WORD_FIELDS, type WriteWords } from './write-words.js';

/** A change set as it was sent; the changes are read when it is clear which organization they are for. */
export interface ChangesBody extends WriteWords {
  /** The organization, by key or id. */
  readonly org: string | undefined;
  readonly isDryRun: boolean;
  /** How files of theirs must be, as a dry run answered it. */
  readonly expects: ExpectedFiles | undefined;
  readonly changes: readonly JsonValue[];
}

/** Where changes are wanted, and by whom. */
export interface ChangesPlace {
  readonly org: OrgSnapshot;
  readonly caller: Caller;
}

/** The changes, and how their files must be. */
export interface ReadChanges {
  readonly changes: readonly Change[];
  readonly preconditions: readonly Precondition[];
}

const MAX_CHANGES = 200;
/** Of all changes together: where edits insert or remove items of lists, a file is read again after each of them. */
const MAX_EDITS = 500;
const COMMON = ['kind', 'project', 'ifMatch'];
const KINDS = Object.keys(KIND_READERS).join(', ');

/** Reads a body but for its changes. Throws a `Failure` of kind `invalid` that names the place. */
export function readChangesBody(body: JsonObject): ChangesBody {
  const fields = readFields(body, '', ['org_id', 'changes', 'dryRun', 'expects', ...WORD_FIELDS]);
  const changes = readList(fields, 'changes', { from: 1, to: MAX_CHANGES });
  return {
    org: readText(fields, 'org_id', { from: 1, to: 100 }),
    isDryRun: readSwitch(fields, 'dryRun') ?? false,
    expects: readExpects(fields),
    changes: required(changes, fields, 'changes'),
    ...readWords(fields),
  };
}

/**
 * Reads the changes for an organization. Throws a `Failure`: `invalid` that names the place, `forbidden` where the caller
 * may not write in a project, `not-found` for a project or a revision that is not there, `conflict` where the organization
 * has no project.
 */
export async function readChanges(
  values: readonly JsonValue[],
  where: ChangesPlace,
  source: RestoreSource,
): Promise<ReadChanges> {
  const sent: SentChange[] = [];
  for (const [index, value] of values.entries()) {
    sent.push(await readChange({ value, place: `changes[${index}]` }, where, source));
  }
  const edits = sent.reduce((count, { change }) => count + ('edits' in change ? change.edits.length : 0), 0);
  if (edits > MAX_EDITS) throw invalidAt('changes', `wanted at most ${MAX_EDITS} edits in all`);
  return {
    changes: sent.map(({ change }) => change),
    preconditions: sent.flatMap((one) => preconditionOf(where.org.key, one)),
  };
}

interface SentChange {
  readonly change: Change;
  readonly ifMatch: string | undefined;
}

async function readChange(
  { value, place }: { readonly value: JsonValue; readonly place: string },
  { org, caller }: ChangesPlace,
  source: RestoreSource,
): Promise<SentChange> {
  const kind = readKind(value, place);
  const { fields: names, read } = KIND_READERS[kind];
  const fields = readFields(value, place, [...COMMON, ...names]);
  const project = readKey(fields, 'project', parseProjectKey) ?? org.defaultProject;
  if (project === undefined) {
    const sentence = `${placeOf(fields, 'project')}: wanted, organization ${org.key} has none`;
    throw new Failure('conflict', 'NO_PROJECT', sentence);
  }
  demandToWrite(caller, org, [{ may: leastRight(kind), project }]);
  const change = await read({
    fields,
    project,
    snapshot: org.projects.get(project),
    restore: (about, to) => restoreOf(source, { org: org.key, ...about }, to),
  });
  return { change, ifMatch: readIfMatch(fields) };
}

/** Without it no change of this kind may be made; what its fields ask for besides is known once they are read. */
function leastRight(kind: SentKind): 'manage-project' | 'write-in-project' {
  return kind === 'flag.restore' ? 'manage-project' : 'write-in-project';
}

function readKind(value: JsonValue, place: string): SentKind {
  if (!isObject(value)) throw invalidAt(place, 'wanted an object');
  const { kind } = value;
  if (typeof kind === 'string' && Object.hasOwn(KIND_READERS, kind)) return kind as SentKind;
  throw invalidAt(`${place}.kind`, `wanted one of ${KINDS}`);
}

/** The blob id of the file that the change is about; `*` where any will do. */
function readIfMatch(fields: Fields): string | undefined {
  const value = fieldOf(fields, 'ifMatch');
  if (value === undefined) return undefined;
  const tag = typeof value === 'string' ? /^(\*|[0-9a-f]{40})$/.exec(value)?.[1] : undefined;
  if (tag === undefined) throw invalidAt(placeOf(fields, 'ifMatch'), 'wanted a blob id or *');
  return tag;
}

function preconditionOf(org: OrgKey, { change, ifMatch }: SentChange): readonly Precondition[] {
  if (ifMatch === undefined) return [];
  return [{ path: mainPath(org, change), ifMatch: ifMatch === '*' ? ifMatch : [ifMatch] }];
}
