import { Failure } from '../model/failure.js';
import { isGranted, type Need } from '../model/permission.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { Caller, KeyCaller, PersonCaller } from './access.js';
import { forbidden, grantsIn, homeOf } from './authorize.js';
import { type OfrepScope, type Target, targetIn } from './ofrep-path.js';

/** Which environment is asked, and by whom. */
export interface TargetQuestion {
  readonly caller: Caller;
  /** Undefined where the path names none. */
  readonly scope: OfrepScope | undefined;
}

/**
 * The organization that is meant: that of the path, of the key, the person's own or the default one; undefined where it
 * does not exist for the caller.
 */
export function findTargetOrg(cache: FlagCache, { caller, scope }: TargetQuestion): ServedOrg | undefined {
  const named = scope === undefined ? undefined : cache.findOrg(scope.org);
  if (caller.kind === 'anonymous') return scope === undefined ? cache.defaultOrg : named;
  if (caller.kind === 'key') {
    const own = cache.orgs.get(caller.org);
    return scope === undefined || named === own ? own : undefined;
  }
  const served = scope === undefined ? (homeOf(cache, caller) ?? cache.defaultOrg) : named;
  return served !== undefined && grantsIn(caller, served.snapshot) !== undefined ? served : undefined;
}

/**
 * The environment that is asked in this organization, as it is or, of another commit, as it was. Roles are those of today.
 * Throws a `Failure`: `not-found`, or `forbidden` for an environment that the caller may not ask.
 */
export function demandTarget(
  cache: FlagCache,
  question: TargetQuestion,
  served: ServedOrg | undefined,
): Target {
  const { caller, scope } = question;
  if (served === undefined) throw noEnvironment();
  if (caller.kind === 'key') return keyTarget(caller, scope, served);
  const target = targetIn(served, scope);
  if (caller.kind === 'person') demandEvaluation(cache, caller, { served, scope, target });
  if (target === undefined) throw noEnvironment();
  return target;
}

/** A key has its one environment. Which others its organization has, it does not learn. */
function keyTarget(key: KeyCaller, scope: OfrepScope | undefined, served: ServedOrg): Target {
  const isOwn =
    scope === undefined || (scope.project === key.project && scope.environment === key.environment);
  if (!isOwn) {
    const sentence = 'an API key evaluates flags of its own environment alone';
    throw new Failure('forbidden', 'FORBIDDEN', sentence);
  }
  const target = targetIn(served, key);
  if (target === undefined) throw noEnvironment();
  return target;
}

/** Asked of what is not there too: only those who may see a project learn which environments it has. */
function demandEvaluation(
  cache: FlagCache,
  person: PersonCaller,
  asked: {
    readonly served: ServedOrg;
    readonly scope: OfrepScope | undefined;
    readonly target: Target | undefined;
  },
): void {
  const { served, scope, target } = asked;
  const project = target?.environment.project.key ?? scope?.project ?? served.snapshot.defaultProject;
  const environment = target?.environment.key ?? scope?.environment;
  const today = cache.orgs.get(served.snapshot.key);
  const grants = today && grantsIn(person, today.snapshot);
  if (grants === undefined || project === undefined) throw noEnvironment();
  const need: Need =
    environment === undefined
      ? { may: 'view-project', project }
      : { may: 'view-environment', project, environment };
  if (!isGranted(grants, need)) throw forbidden(grants, need);
}

function noEnvironment(): Failure {
  return new Failure('not-found', 'NOT_FOUND', 'there is no such environment');
}
