import { readChanges, readChangesBody } from '../../http/change-body.js';
import { Failure } from '../../model/failure.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import type { GitRepository } from '../../repository/git.js';
import type { FlagCache } from '../../repository/served.js';
import { thereAre } from '../choose.js';
import type { CommandWrite } from '../write/commit.js';

/** A change set, as `POST /api/v1/changes` takes it. */
interface ChangeSet {
  readonly org: string | undefined;
  readonly changes: readonly JsonValue[];
  readonly reason: string;
}

/**
 * What to write for a change set, here or by the server that has the clone. Whoever may write in the folder may write all
 * of it, so nobody's roles are asked here; a server asks for its own.
 */
export function changesWrite({ org, changes, reason }: ChangeSet): CommandWrite {
  const body: JsonObject = { ...(org && { org_id: org }), changes, reason };
  return {
    request: async (cache, repository) => {
      const { changes: sent, isDryRun: _, org: name, ...words } = readChangesBody(body);
      const served = name === undefined ? cache.defaultOrg : cache.findOrg(name);
      if (served === undefined) throw noOrg(cache, name);
      const where = { org: served.snapshot, caller: { kind: 'anonymous', isLocal: true } as const };
      const read = await readChanges(sent, where, { cache, repository });
      return { org: served.snapshot.key, ...read, ...words };
    },
    ask: async (_repository: GitRepository) => ({ path: '/api/v1/changes', body }),
  };
}

function noOrg(cache: FlagCache, name: string | undefined): Failure {
  const there = thereAre([...cache.orgs.keys()]);
  return new Failure('not-found', 'ORG_NOT_FOUND', `no organization is called ${name ?? ''}: ${there}`);
}
