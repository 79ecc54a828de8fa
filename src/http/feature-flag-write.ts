import { mainPath } from '../changes/apply.js';
import type { Change } from '../changes/change.js';
import { Failure } from '../model/failure.js';
import type { ServedOrg } from '../repository/served.js';
import type { WriteResult } from '../repository/write-request.js';
import { readObject } from './body.js';
import { headersOf, shownNew, stamp, writtenFlag } from './feature-flag-answers.js';
import { atHead, type FeatureFlagOptions, foundAfter, lookUp, questionOf } from './feature-flag-asked.js';
import { newFile, readCreate, readUpdate } from './feature-flag-body.js';
import { readOne } from './feature-flag-list.js';
import { findUnserved, refuseUnserved } from './feature-flag-unserved.js';
import { defaultProject } from './flag-lookup.js';
import { chooseOrg } from './org-lookup.js';
import type { Asked, Reply } from './route.js';
import { findMatching } from './stale-write.js';
import { writeChanges } from './write-changes.js';
import { headersOfWrite, preconditionsOf } from './write-headers.js';

/** Where this dialect is. */
const BASE = '/api/v1/feature-flags';

/** POST: a new flag. */
export async function create(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const body = readCreate((await readObject(asked.request)) ?? {});
  const served = chooseOrg(options.cache, body.org ?? readOne(asked.query, 'org_id'), asked.caller);
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
  const found = foundAfter(result, body.key);
  const location = `${BASE}/${body.key}?org_id=${served.snapshot.id}`;
  const headers = { ...headersOf(found), ...headersOfWrite(result), Location: location };
  return { status: 201, headers, body: shownNew(options, found, result.commit) };
}

/** PUT: the given fields of a flag. */
export async function update(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const body = await readObject(asked.request);
  if (body === undefined) throw new Failure('invalid', 'INVALID_REQUEST', 'a body is wanted: a JSON object');
  await refuseUnserved(options, asked);
  const found = await findMatching(options.cache, asked, () =>
    atHead(lookUp(options, asked, 'write-in-project')),
  );
  const { key } = found.flag;
  const wanted = readUpdate(body, found, shownNew(options, found));
  const change: Change = { kind: 'flag.update', project: found.project.key, flag: key, ...wanted };
  const result = await write(options, asked, { served: found.served, change });
  return writtenFlag(options, result, { flag: key });
}

/** DELETE: a flag with its overrides and tests, whether its file is good or not. */
export async function remove(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const { cache } = options;
  const { served, project, flag } = await findMatching(
    cache,
    asked,
    () =>
      findUnserved(cache, questionOf(options, asked, 'manage-project')) ??
      atHead(lookUp(options, asked, 'manage-project')),
  );
  const change: Change = { kind: 'flag.delete', project: project.key, flag: flag.key };
  const result = await write(options, asked, { served, change });
  return {
    status: 200,
    headers: headersOfWrite(result),
    body: { success: true, deleted_at: stamp(options.now()) },
  };
}

/** One change, as the one commit that it makes. */
function write(
  { writer }: FeatureFlagOptions,
  asked: Asked,
  { served, change }: { readonly served: ServedOrg; readonly change: Change },
): Promise<WriteResult> {
  const preconditions = preconditionsOf(asked, mainPath(served.snapshot.key, change));
  return writeChanges(writer, asked.caller, { served, changes: [change], preconditions });
}
