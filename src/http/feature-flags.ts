import { mainPath } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { fileBroken } from '../files/edit-refusal.js';
import { Failure } from '../model/failure.js';
import { environmentState } from '../model/flag.js';
import type { FlagKey } from '../model/keys.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { WriteResult, Writer } from '../repository/write-request.js';
import { type Caller, type PublicAccess, viewOf } from './access.js';
import { authorOf } from './auth.js';
import { readObject } from './body.js';
import { listsTag, parseStrongTags, parseTags } from './conditions.js';
import {
  type CreatedFeatureFlag,
  type FeatureFlag,
  newFile,
  readCreate,
  readUpdate,
} from './feature-flag-body.js';
import { LIST_PARAMETERS, listFlags, readOne } from './feature-flag-list.js';
import { findUnserved } from './feature-flag-unserved.js';
import {
  defaultProject,
  type FlagQuestion,
  type FoundFlag,
  findFlag,
  findOrg,
  homeOf,
  refuseNoOrg,
} from './flag-lookup.js';
import type { Asked, Reply, Route } from './route.js';

/** What this dialect works on. */
export interface FeatureFlagOptions {
  readonly cache: FlagCache;
  readonly writer: Writer;
  readonly publicAccess: PublicAccess | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

type Handler = (options: FeatureFlagOptions, asked: Asked) => Reply | Promise<Reply>;

const BASE = '/api/v1/feature-flags';
const ORG = ['org_id'];
/** The author of what is written without a credential, where FLAGSTAFF_PUBLIC allows that. */
const ANONYMOUS = { name: 'anonymous', email: 'anonymous@flagstaff.invalid' };

/** The flags of each organization's default project, in its default environment; one list for each organization. */
export function featureFlagRoutes(options: FeatureFlagOptions): readonly Route[] {
  const run = (handler: Handler) => (asked: Asked) => handler(options, asked);
  return [
    { method: 'GET', path: BASE, permission: 'read', query: LIST_PARAMETERS, handle: run(list) },
    { method: 'POST', path: BASE, permission: 'write', query: ORG, handle: run(create) },
    {
      method: 'POST',
      path: `${BASE}/invalidate`,
      permission: 'credential',
      query: [],
      handle: run(invalidate),
    },
    { method: 'POST', path: `${BASE}/load/:orgId`, permission: 'credential', query: [], handle: run(load) },
    { method: 'GET', path: `${BASE}/:key`, permission: 'read', query: ORG, handle: run(get) },
    { method: 'PUT', path: `${BASE}/:key`, permission: 'write', query: ORG, handle: run(update) },
    { method: 'DELETE', path: `${BASE}/:key`, permission: 'write', query: ORG, handle: run(remove) },
  ];
}

function list(options: FeatureFlagOptions, asked: Asked): Reply {
  const view = viewOf(asked.caller, options.publicAccess);
  const { flags, page, limit, total } = listFlags(options.cache, asked.query, view);
  const data = flags.map((found) => shown(options, found));
  return {
    status: 200,
    body: { data, pagination: { page, limit, total } },
    headers: revisionOf(options.cache),
  };
}

/** Never a 304: the tag is the file's, and the answer tells of the project's default environment and of history too. */
function get(options: FeatureFlagOptions, asked: Asked): Reply {
  const found = lookUp(options, asked);
  return { status: 200, headers: headersOf(found), body: shown(options, found) };
}

async function create(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const body = readCreate((await readObject(asked.request)) ?? {});
  const served = orgOfNew(options.cache, body.org ?? readOne(asked.query, 'org_id'), asked.caller);
  const project = defaultProject(served.snapshot);
  if (project === undefined) {
    throw new Failure(
      'conflict',
      'NO_PROJECT',
      `organization ${served.snapshot.key}: has no project for a flag`,
    );
  }
  const file = newFile(body, project.defaultEnvironment);
  const change: Change = { kind: 'flag.create', project: project.key, flag: body.key, file };
  const result = await write(options, asked, { served, change });
  const found = foundAfter(options.cache, served, body.key);
  const location = `${BASE}/${body.key}?org_id=${served.snapshot.id}`;
  const headers = { ...headersOf(found), ...headersOfWrite(result), Location: location };
  return { status: 201, headers, body: shownNew(options, found) };
}

async function update(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const body = await readObject(asked.request);
  if (body === undefined) throw new Failure('invalid', 'INVALID_REQUEST', 'a body is wanted: a JSON object');
  refuseUnserved(options, asked);
  const found = lookUp(options, asked);
  const { key } = found.flag;
  refuseStale(asked, atHead(found).flag);
  const wanted = readUpdate(body, found, shownNew(options, found));
  const change: Change = { kind: 'flag.update', project: found.project.key, flag: key, ...wanted };
  const result = await write(options, asked, { served: found.served, change });
  const after = foundAfter(options.cache, found.served, key);
  return {
    status: 200,
    headers: { ...headersOf(after), ...headersOfWrite(result) },
    body: shown(options, after),
  };
}

async function remove(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const { served, project, flag } =
    findUnserved(options.cache, questionOf(options, asked)) ?? atHead(lookUp(options, asked));
  refuseStale(asked, flag);
  const change: Change = { kind: 'flag.delete', project: project.key, flag: flag.key };
  const result = await write(options, asked, { served, change });
  return {
    status: 200,
    headers: headersOfWrite(result),
    body: { success: true, deleted_at: stamp(options.now()) },
  };
}

async function load(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const org = asked.params.orgId ?? '';
  refuseNoOrg(org);
  await options.cache.refresh();
  const { snapshot } = findOrg(options.cache, org);
  const trouble = options.cache.orgTroubles.get(snapshot.key);
  if (trouble !== undefined) {
    throw new Failure('busy', 'NOT_LOADED', `organization ${snapshot.key} could not be loaded: ${trouble}`);
  }
  const body = {
    org_id: snapshot.id,
    flags_loaded: defaultProject(snapshot)?.flags.size ?? 0,
    loaded_at: stamp(options.now()),
  };
  return { status: 200, body, headers: revisionOf(options.cache) };
}

async function invalidate(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const body = (await readObject(asked.request)) ?? {};
  const { org_id: org, ...others } = body;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new Failure('invalid', 'INVALID_REQUEST', `${unknown}: no such field, wanted org_id`);
  if (org !== undefined && typeof org !== 'string') {
    throw new Failure('invalid', 'INVALID_REQUEST', 'org_id: wanted text');
  }
  if (org === undefined) demandSuperAdmin(asked.caller);
  options.cache.invalidate(org === undefined ? undefined : findOrg(options.cache, org).snapshot.key);
  return { status: 200, body: { success: true, invalidated_at: stamp(options.now()) } };
}

function lookUp(options: FeatureFlagOptions, asked: Asked): FoundFlag {
  return findFlag(options.cache, questionOf(options, asked));
}

function questionOf({ publicAccess }: FeatureFlagOptions, asked: Asked): FlagQuestion {
  const { caller, params, query } = asked;
  const view = viewOf(caller, publicAccess);
  return { key: params.key ?? '', org: readOne(query, 'org_id'), caller, view };
}

/** A flag that was never good is not served, so there is nothing that a PUT could be rendered from. */
function refuseUnserved(options: FeatureFlagOptions, asked: Asked): void {
  const unserved = findUnserved(options.cache, questionOf(options, asked));
  if (unserved === undefined) return;
  refuseStale(asked, unserved.flag);
  if (unserved.problems.length > 0) throw fileBroken(unserved.problems);
}

function orgOfNew(cache: FlagCache, named: string | undefined, caller: Caller): ServedOrg {
  if (named !== undefined) return findOrg(cache, named);
  const home = homeOf(cache, caller) ?? (cache.orgs.size === 1 ? cache.defaultOrg : undefined);
  if (home === undefined)
    throw new Failure('invalid', 'INVALID_REQUEST', 'org_id: wanted, there are several organizations');
  return home;
}

function demandSuperAdmin(caller: Caller): void {
  if (caller.kind === 'anonymous')
    throw new Failure('unauthenticated', 'UNAUTHORIZED', 'a credential is needed');
  if (!caller.identity.isSuperAdmin) {
    throw new Failure('forbidden', 'FORBIDDEN', 'only a super admin may do this for all organizations');
  }
}

/** A precondition that fails comes before everything else that may be wrong; the writer asks again under its lock. */
function refuseStale({ request }: Asked, flag: { readonly key: string; readonly blob: string }): void {
  const wanted = parseStrongTags(request.headers['if-match']);
  if (wanted === undefined || listsTag(wanted, flag.blob)) return;
  throw new Failure('precondition', 'PRECONDITION_FAILED', `flag ${flag.key}: changed since`, {
    data: { current: flag.blob },
  });
}

async function write(
  { writer }: FeatureFlagOptions,
  { request, caller }: Asked,
  what: { readonly served: ServedOrg; readonly change: Change },
): Promise<WriteResult> {
  const ifMatch = parseStrongTags(request.headers['if-match']);
  const ifNoneMatch = parseTags(request.headers['if-none-match']);
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new Failure('invalid', 'INVALID_REQUEST', 'If-None-Match: a write understands only *');
  }
  const org = what.served.snapshot.key;
  return writer.write({
    org,
    author: caller.kind === 'person' ? authorOf(caller.identity) : ANONYMOUS,
    changes: [what.change],
    preconditions: [
      {
        path: mainPath(org, what.change),
        ...(ifMatch === undefined ? {} : { ifMatch }),
        ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
      },
    ],
  });
}

function foundAfter(cache: FlagCache, before: ServedOrg, key: FlagKey): FoundFlag {
  const served = cache.orgs.get(before.snapshot.key);
  const project = served === undefined ? undefined : defaultProject(served.snapshot);
  const flag = project?.flags.get(key);
  if (served !== undefined && project !== undefined && flag !== undefined) return { served, project, flag };
  throw new Failure(
    'conflict',
    'CHANGED_MEANWHILE',
    `flag ${key}: written, and removed by somebody else since`,
  );
}

function shown(options: FeatureFlagOptions, found: FoundFlag): FeatureFlag {
  const { created_at: _, ...fields } = shownNew(options, found);
  return fields;
}

function shownNew({ cache }: FeatureFlagOptions, { served, project, flag }: FoundFlag): CreatedFeatureFlag {
  const state = environmentState(flag.file, project.defaultEnvironment);
  const times = cache.timesOf(flag.path);
  return {
    flag_id: flag.id,
    feature_key: flag.key,
    is_enabled: state.enabled && state.killed !== true,
    org_id: served.snapshot.id,
    description: flag.file.description ?? '',
    updated_at: flag.file.updatedAt ?? times?.updatedAt ?? '',
    created_at: flag.file.createdAt ?? times?.createdAt ?? '',
  };
}

function headersOf(found: FoundFlag): Readonly<Record<string, string>> {
  return { ETag: `"${atHead(found).flag.blob}"`, 'Flagstaff-Revision': found.served.revision };
}

/** With the blob that a write is compared with: of a flag that is served from an older commit not that one, but the file's. */
function atHead(found: FoundFlag): FoundFlag {
  const { served, flag } = found;
  if (flag.stale === undefined) return found;
  const blob = served.files.find(({ path }) => path === flag.path)?.blob ?? flag.blob;
  return { ...found, flag: { ...flag, blob } };
}

function headersOfWrite(result: WriteResult): Readonly<Record<string, string>> {
  return { 'Flagstaff-Commit': result.commit, 'Flagstaff-Changed': String(result.changed) };
}

function revisionOf(cache: FlagCache): Readonly<Record<string, string>> {
  return cache.revision === undefined ? {} : { 'Flagstaff-Revision': cache.revision };
}

/** A moment as this dialect writes it: UTC, whole seconds. */
function stamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}
