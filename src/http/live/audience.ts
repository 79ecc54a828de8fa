import { apiKeyId } from '../../model/api-key.js';
import type { RevokedTokens } from '../../repository/revoked-tokens.js';
import type { FlagCache, ServedOrg } from '../../repository/served.js';
import { type Caller, demand, type KeyCaller, type PublicAccess, type View, viewOf } from '../access.js';
import { badCredential } from '../auth.js';
import type { OfrepScope, Target } from '../ofrep-path.js';
import { demandTarget, findTargetOrg } from '../ofrep-target.js';
import { permissionOf } from '../permissions.js';

/** Those who listen with one credential to one environment. */
export interface Audience {
  readonly caller: Caller;
  /** Undefined for the environment of callers who name none. */
  readonly scope: OfrepScope | undefined;
}

/** What they may hear of. */
export interface Hearing {
  readonly target: Target;
  readonly view: View;
}

/** What their standing is judged by. */
export interface Judges {
  readonly cache: FlagCache;
  readonly publicAccess: PublicAccess | undefined;
  readonly revoked: Pick<RevokedTokens, 'has'>;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

const EVALUATION = permissionOf('POST /ofrep/v1/evaluate/flags');

/**
 * What this audience may hear of now: the environment that it may evaluate. Throws the `Failure` that its evaluation would
 * be answered with, for a credential that has ended too.
 */
export function hearingOf(judges: Judges, { caller, scope }: Audience): Hearing {
  const { cache, publicAccess } = judges;
  demand(caller, EVALUATION, publicAccess);
  const question = { caller, scope };
  const served = findTargetOrg(cache, question);
  if (hasEnded(judges, caller, served)) throw badCredential();
  return { target: demandTarget(cache, question, served), view: viewOf(caller, publicAccess) };
}

/** Whether a token ended or was logged out, or a key is not in its file any more. */
export function hasEnded(
  { revoked, now }: Pick<Judges, 'revoked' | 'now'>,
  caller: Caller,
  served: ServedOrg | undefined,
): boolean {
  if (caller.kind === 'anonymous') return false;
  if (caller.kind === 'person') return now() >= caller.token.expiresAt || revoked.has(caller.token.id);
  return served !== undefined && !hasKey(served, caller);
}

/** The same for the same audience. */
export function audienceName({ caller, scope }: Audience): string {
  const place = scope === undefined ? '' : `${scope.org}/${scope.project}/${scope.environment}`;
  return `${callerName(caller)} ${place}`;
}

function hasKey({ snapshot }: ServedOrg, { org, project, environment, id }: KeyCaller): boolean {
  const keys = snapshot.projects.get(project)?.apiKeys ?? [];
  return keys.some((entry) => entry.environment === environment && apiKeyId(entry, { org, project }) === id);
}

function callerName(caller: Caller): string {
  if (caller.kind === 'anonymous') return `anonymous ${caller.isLocal}`;
  if (caller.kind === 'person') return `person ${caller.token.id}`;
  return `key ${caller.org}/${caller.project}/${caller.id}`;
}
