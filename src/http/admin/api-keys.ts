import type { Edit } from '../../files/edit.js';
import { pathOf } from '../../files/paths.js';
import { type ApiKeyEntry, type ApiKeysFile, apiKeyId } from '../../model/api-key.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import { timeOf } from '../../repository/commit-time.js';
import type { WriteResult } from '../../repository/write-request.js';
import { personOf } from '../access.js';
import { authorOf } from '../auth.js';
import { readObject } from '../body.js';
import { newKey } from '../identity/new-key.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readFields,
  readLine,
  readWord,
  refuseChanged,
  required,
} from '../json-fields.js';
import type { Asked, Reply, Route } from '../route.js';
import { environmentOf, orgOf, projectOf } from '../scope.js';
import { writeChanges } from '../write-changes.js';
import { headersOfWrite, preconditionsOf } from '../write-headers.js';
import { readWords, WORD_FIELDS, type WriteWords } from '../write-words.js';
import { type FoundKey, findKey, type KeyFacts, keysOf, shownKey } from './api-keys-shape.js';
import {
  type AdminOptions,
  type CurrentProject,
  fileNow,
  projectAfter,
  readWanted,
  type WrittenFile,
  writeExactly,
} from './exact-write.js';
import { fileAt, headBlob } from './lookup.js';

const KEYS = '/api/admin/projects/:projectId/environments/:environmentId/api-keys';
const KINDS = ['server', 'client'] as const;
const NAME_MAX_LENGTH = 200;
/** How long a replaced key opens where nobody says, and at most. */
const GRACE_SECONDS = 86_400;
const MOST_GRACE_SECONDS = 90 * 86_400;

/** What cannot be changed. When it was used, and how long another one opens, moves on without the caller. */
const READ_ONLY = ['id', 'kind', 'prefix', 'environmentId', 'createdBy', 'createdAt'] as const;
const MOVING = ['lastUsedAt', 'previous'];

/** What API keys work on. */
export interface ApiKeyOptions extends AdminOptions, KeyFacts {}

/** The API keys of an environment. */
export function apiKeyRoutes(options: ApiKeyOptions): readonly Route[] {
  const one = `${KEYS}/:keyId` as const;
  return [
    { operation: `GET ${KEYS}`, query: [], handle: (asked) => listKeys(options, asked) },
    { operation: `POST ${KEYS}`, query: [], handle: (asked) => createKey(options, asked) },
    { operation: `GET ${one}`, query: [], handle: (asked) => getKey(options, asked) },
    { operation: `PUT ${one}`, query: [], handle: (asked) => updateKey(options, asked) },
    { operation: `DELETE ${one}`, query: [], handle: (asked) => deleteKey(options, asked) },
    { operation: `POST ${one}/rotate`, query: [], handle: (asked) => rotateKey(options, asked) },
  ];
}

function listKeys(facts: KeyFacts, asked: Asked): Reply {
  const project = projectOf(asked);
  const body = keysOf(project, environmentOf(asked)).map((key) => shownKey(key, { project, facts }));
  return { status: 200, headers: headersOf({ served: orgOf(asked), project }), body };
}

function getKey(facts: KeyFacts, asked: Asked): Reply {
  return replyWith(facts, asked, { current: { served: orgOf(asked), project: projectOf(asked) } });
}

/** The one answer, but for that of a rotation, in which a key stands: nobody can ask for it again. */
async function createKey(options: ApiKeyOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['name', 'kind', ...WORD_FIELDS]);
  const name = required(readLine(fields, 'name', NAME_MAX_LENGTH), fields, 'name');
  const made = newKey(required(readWord(fields, 'kind', KINDS), fields, 'kind'));
  const served = orgOf(asked);
  const project = projectOf(asked);
  // Written down, so that it stays when the hash is another one.
  const id = apiKeyId(made.entry, { org: project.org, project: project.key });
  const entry: ApiKeyEntry = {
    id,
    name,
    environment: environmentOf(asked),
    ...made.entry,
    createdBy: authorOf(personOf(asked.caller).identity).email,
    createdAt: timeOf(Math.floor(options.now() / 1_000)),
  };
  const result = await writeChanges(options.writer, asked.caller, {
    served,
    changes: [{ kind: 'key.create', project: project.key, entry }],
    preconditions: preconditionsOf(asked, keysPath(project)),
    ...readWords(fields),
  });
  const { headers, body } = replyAfter(options, asked, { result, id });
  const place = KEYS.replace(':projectId', asked.params.projectId ?? '');
  const location = `${place.replace(':environmentId', asked.params.environmentId ?? '')}/${body.id}`;
  return {
    status: 201,
    headers: { ...headers, ...UNSTORED, Location: location },
    body: { ...body, key: made.key },
  };
}

async function updateKey(options: ApiKeyOptions, asked: Asked): Promise<Reply> {
  const fields = readFields(await readWanted(asked), '', ['name', ...READ_ONLY, ...MOVING, ...WORD_FIELDS]);
  const project = projectOf(asked);
  const found = keyOf(asked, project);
  refuseChanged(fields, READ_ONLY, shownKey(found, { project, facts: options }));
  const name = readLine(fields, 'name', NAME_MAX_LENGTH);
  const edits: readonly Edit[] = name === undefined ? [] : [{ at: ['name'], set: name }];
  const result = await write(options, asked, { editsOf: () => edits, words: readWords(fields) });
  return replyAfter(options, asked, { result, id: found.id });
}

async function deleteKey(options: ApiKeyOptions, asked: Asked): Promise<Reply> {
  const result = await writeExactly(options, asked, {
    find: keysFile,
    changesOf: (current) => {
      const { id } = keyNow(asked, current);
      return [{ kind: 'key.delete', ...placeOfKey(asked, id) }];
    },
  });
  return { status: 200, headers: headersOfWrite(result), body: { success: true } };
}

/** The key keeps its id. Its old value opens for the grace; one that was replaced before ends now. */
async function rotateKey(options: ApiKeyOptions, asked: Asked): Promise<Reply> {
  const body = (await readObject(asked.request)) ?? {};
  const fields = readFields(body, '', ['graceSeconds', ...WORD_FIELDS]);
  const grace = readGrace(fields);
  const { id, entry } = keyOf(asked, projectOf(asked));
  const made = newKey(entry.kind);
  const editsOf = (old: ApiKeyEntry): readonly Edit[] => [
    { at: ['hash'], set: made.entry.hash },
    { at: ['prefix'], set: made.entry.prefix },
    ...editsOfPrevious(old, grace === 0 ? undefined : options.now() + grace * 1_000),
  ];
  const result = await write(options, asked, { editsOf, words: readWords(fields) });
  const reply = replyAfter(options, asked, { result, id });
  const headers = { ...reply.headers, ...UNSTORED };
  return { status: 200, headers, body: { ...reply.body, key: made.key } };
}

/** A key is in the answer, which nothing between here and the caller may keep. */
const UNSTORED = { 'Cache-Control': 'no-store' };

/** What becomes of the value that is replaced; `until` is in epoch milliseconds, undefined ends it at once. */
function editsOfPrevious(
  { hash, prefix, previous }: ApiKeyEntry,
  until: number | undefined,
): readonly Edit[] {
  if (until !== undefined) {
    const text = timeOf(Math.ceil(until / 1_000));
    return [{ at: ['previous'], set: { hash, prefix, until: text } }];
  }
  return previous === undefined ? [] : [{ at: ['previous'], remove: true }];
}

function readGrace(fields: Fields): number {
  const value = fieldOf(fields, 'graceSeconds');
  if (value === undefined) return GRACE_SECONDS;
  const isGrace = typeof value === 'number' && Number.isInteger(value);
  if (isGrace && value >= 0 && value <= MOST_GRACE_SECONDS) return value;
  const place = placeOf(fields, 'graceSeconds');
  throw invalidAt(place, `wanted a whole number of seconds from 0 to ${MOST_GRACE_SECONDS}`);
}

/** Edits the key of the path, given what its entry says. */
function write(
  options: ApiKeyOptions,
  asked: Asked,
  {
    editsOf,
    words,
  }: { readonly editsOf: (entry: ApiKeyEntry) => readonly Edit[]; readonly words: WriteWords },
): Promise<WriteResult> {
  return writeExactly(options, asked, {
    find: keysFile,
    changesOf: (current) => {
      const { id, entry } = keyNow(asked, current);
      return [{ kind: 'key.update', ...placeOfKey(asked, id), edits: editsOf(entry) }];
    },
    words,
  });
}

function replyAfter(
  facts: KeyFacts,
  asked: Asked,
  { result, id }: { readonly result: WriteResult; readonly id: string },
) {
  const current = projectAfter(result, asked);
  const { status, headers, body } = replyWith(facts, asked, { current, id });
  return { status, headers: { ...headers, ...headersOfWrite(result) }, body };
}

/** The key of the path, or the one that a write left. */
function replyWith(
  facts: KeyFacts,
  asked: Asked,
  { current, id }: { readonly current: CurrentProject; readonly id?: string },
) {
  const { project } = current;
  const body = shownKey(keyOf(asked, project, id), { project, facts });
  return { status: 200, headers: headersOf(current), body };
}

function keyOf(asked: Asked, project: ProjectSnapshot, id = asked.params.keyId ?? ''): FoundKey {
  return findKey({ project, environment: environmentOf(asked) }, id);
}

/** The same as the file says it now, also where an older version of it is what is served. Throws what `fileNow` does. */
function keyNow(asked: Asked, { served, project }: CurrentProject): FoundKey {
  const path = keysPath(project);
  const apiKeys = fileAt(served, path) === undefined ? [] : (fileNow(served, path).value as ApiKeysFile);
  return keyOf(asked, { ...project, apiKeys });
}

function placeOfKey(asked: Asked, id: string) {
  return { project: projectOf(asked).key, environment: environmentOf(asked), id };
}

/** The tag of the file of keys, which a write of any of them can name; none where the project has no keys. */
function headersOf(current: CurrentProject): Readonly<Record<string, string>> {
  const { blob } = keysFile(current);
  return {
    'Flagstaff-Revision': current.served.revision,
    ...(blob === '' ? {} : { ETag: `"${blob}"` }),
  };
}

function keysFile({ served, project }: CurrentProject): WrittenFile {
  const path = keysPath(project);
  return { path, blob: headBlob(served, { path, blob: '' }) };
}

function keysPath({ org, key }: ProjectSnapshot): string {
  return pathOf({ kind: 'api-keys', org, project: key });
}
