import { Failure } from '../model/failure.js';
import type { Caller } from './access.js';
import { readObject } from './body.js';
import { revisionOf, stamp } from './feature-flag-answers.js';
import type { FeatureFlagOptions } from './feature-flag-asked.js';
import { defaultProject, findOrg, refuseNoOrg } from './flag-lookup.js';
import type { Asked, Reply } from './route.js';

/** Reads the head now, and answers when what it found is served. */
export async function load(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
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

/** Rebuilds in the background; what was served stays until then. */
export async function invalidate(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
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

function demandSuperAdmin(caller: Caller): void {
  if (caller.kind === 'anonymous')
    throw new Failure('unauthenticated', 'UNAUTHORIZED', 'a credential is needed');
  if (!caller.identity.isSuperAdmin) {
    throw new Failure('forbidden', 'FORBIDDEN', 'only a super admin may do this for all organizations');
  }
}
