import { Failure } from '../model/failure.js';
import { demandSuperAdmin, personOf } from './access.js';
import { demandIn } from './authorize.js';
import { readObject } from './body.js';
import { revisionOf, stamp } from './feature-flag-answers.js';
import type { FeatureFlagOptions } from './feature-flag-asked.js';
import { defaultProject } from './flag-lookup.js';
import { fieldOf, readFields } from './json-fields.js';
import { orgNamed, refuseNoOrg } from './org-lookup.js';
import type { Asked, Reply } from './route.js';

/** Reads the head now, and answers when what it found is served: to whoever has a role there by then. */
export async function load(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const org = asked.params.orgId ?? '';
  refuseNoOrg(org);
  await options.cache.refresh();
  const { snapshot } = orgNamed(options.cache, org, asked.caller);
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
  const fields = readFields((await readObject(asked.request)) ?? {}, '', ['org_id']);
  const org = fieldOf(fields, 'org_id');
  if (org !== undefined && typeof org !== 'string') {
    throw new Failure('invalid', 'INVALID_REQUEST', 'org_id: wanted text');
  }
  if (org === undefined) {
    demandSuperAdmin(asked.caller, 'only a super admin may do this for all organizations');
    options.cache.invalidate(undefined);
  } else {
    const { snapshot } = orgNamed(options.cache, org, asked.caller);
    demandIn(personOf(asked.caller), snapshot, { may: 'manage-org' });
    options.cache.invalidate(snapshot.key);
  }
  return { status: 200, body: { success: true, invalidated_at: stamp(options.now()) } };
}
