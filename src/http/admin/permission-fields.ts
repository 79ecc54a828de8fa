import { suggestion } from '../../files/spelling.js';
import { Failure } from '../../model/failure.js';
import { parseEnvironmentKey, parseProjectKey } from '../../model/keys.js';
import type { ServedOrg } from '../../repository/served.js';
import { type Fields, invalidAt, placeOf } from '../json-fields.js';
import { readTexts } from './people-fields.js';

const MOST_PERMISSIONS = 1_000;

/**
 * Roles in scopes, none of them twice; null is none at all. Throws a `Failure` with the place: of kind `invalid` for one
 * that nobody could have, UNKNOWN_SCOPE for one in a project or an environment that is not there, which would come alive
 * with it. Those that the file says already (`now`) stay as they are.
 */
export function readPermissions(
  fields: Fields,
  served: ServedOrg,
  now: readonly string[] = [],
): readonly string[] | undefined {
  const permissions = readTexts({
    fields,
    name: 'permissions',
    most: MOST_PERMISSIONS,
    check: checkedPermission,
  });
  for (const [index, permission] of (permissions ?? []).entries()) {
    const missing = now.includes(permission) ? undefined : missingScope(permission, served);
    const place = `${placeOf(fields, 'permissions')}[${index}]`;
    if (missing !== undefined) throw new Failure('unprocessable', 'UNKNOWN_SCOPE', `${place}: ${missing}`);
  }
  return permissions;
}

const WANTED_PERMISSION =
  'wanted admin or member of a scope, such as org:admin, project:web-app:member or env:web-app/production:admin';

function checkedPermission(value: unknown, place: string): string {
  const [scope, ...rest] = typeof value === 'string' ? value.split(':') : [];
  const role = rest.pop();
  const isRole = role === 'admin' || role === 'member';
  if (typeof value === 'string' && isRole && isScope(scope ?? '', rest)) return value;
  throw invalidAt(place, WANTED_PERMISSION);
}

function isScope(scope: string, names: readonly string[]): boolean {
  const [name = '', ...others] = names;
  if (scope === 'org') return names.length === 0;
  if (others.length > 0) return false;
  if (scope === 'project') return parseProjectKey(name) !== undefined;
  const [project = '', environment = '', ...more] = name.split('/');
  const isPair = parseProjectKey(project) !== undefined && parseEnvironmentKey(environment) !== undefined;
  return scope === 'env' && isPair && more.length === 0;
}

/** What of the scope is not there, in a sentence with what is; undefined where all of it is. */
function missingScope(permission: string, { snapshot }: ServedOrg): string | undefined {
  const [kind, scope = ''] = permission.split(':');
  if (kind === 'org') return undefined;
  const [key = '', environment] = scope.split('/');
  const project = [...snapshot.projects.values()].find((one) => one.key === key);
  if (project === undefined) {
    return `there is no project ${key}; ${suggestion(key, [...snapshot.projects.keys()])}`;
  }
  const { environments } = project;
  if (environment === undefined || environments.some((one) => one === environment)) return undefined;
  return `there is no environment ${environment} in project ${key}; ${suggestion(environment, environments)}`;
}
