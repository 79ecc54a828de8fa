import type { CompiledEnvironment } from '../evaluation/compiled.js';
import type { ServedOrg } from '../repository/served.js';
import type { Operation } from './permissions.js';

/** What a path of OFREP asks for. */
export interface OfrepPath {
  /** The flag, or undefined for all of them. */
  readonly flagKey: string | undefined;
  /** Whose flags, or undefined for the default ones. */
  readonly scope: OfrepScope | undefined;
  /** What stands behind the question mark, as it was sent. */
  readonly query: string;
}

/** An environment as a path names it. */
export interface OfrepScope {
  /** By key or by id. */
  readonly org: string;
  readonly project: string;
  readonly environment: string;
}

/** What answers: one environment of one organization. */
export interface Target {
  readonly served: ServedOrg;
  readonly environment: CompiledEnvironment;
}

const BASE = '/ofrep/v1/evaluate/flags';
const SCOPED =
  /^\/orgs\/([^/]*)\/projects\/([^/]*)\/environments\/([^/]*)(\/ofrep\/v1\/evaluate\/flags(?:\/.*)?)$/s;

/** Reads a request's URL, or undefined where it is none of OFREP's. A key is decoded once, and never becomes a path. */
export function parseOfrepPath(url: string): OfrepPath | undefined {
  const queryAt = url.indexOf('?');
  const path = queryAt === -1 ? url : url.slice(0, queryAt);
  const query = queryAt === -1 ? '' : url.slice(queryAt + 1);
  if (path.startsWith(BASE)) return unscoped(path, undefined, query);
  const match = SCOPED.exec(path);
  if (match === null) return undefined;
  const [, org = '', project = '', environment = '', rest = ''] = match;
  const scope = { org: decode(org), project: decode(project), environment: decode(environment) };
  return unscoped(rest, scope, query);
}

/** The row of the table of permissions that a path belongs to. */
export function operationOf({ flagKey, scope }: OfrepPath): Operation {
  if (scope === undefined) return flagKey === undefined ? BULK : SINGLE;
  return flagKey === undefined ? SCOPED_BULK : SCOPED_SINGLE;
}

const BULK: Operation = 'POST /ofrep/v1/evaluate/flags';
const SINGLE: Operation = 'POST /ofrep/v1/evaluate/flags/:key';
const SCOPED_BULK: Operation =
  'POST /orgs/:organization/projects/:project/environments/:environment/ofrep/v1/evaluate/flags';
const SCOPED_SINGLE: Operation =
  'POST /orgs/:organization/projects/:project/environments/:environment/ofrep/v1/evaluate/flags/:key';

/** The environment that is meant in this organization, or undefined where it has none of that name. */
export function targetIn(served: ServedOrg, scope: OfrepScope | undefined): Target | undefined {
  const projectKey = scope === undefined ? served.snapshot.defaultProject : scope.project;
  if (projectKey === undefined) return undefined;
  const compiled = served.projects.get(projectKey);
  const environmentKey = scope?.environment ?? compiled?.project.defaultEnvironment;
  const environment = environmentKey === undefined ? undefined : compiled?.environments.get(environmentKey);
  return environment === undefined ? undefined : { served, environment };
}

function unscoped(path: string, scope: OfrepScope | undefined, query: string): OfrepPath | undefined {
  if (path.length === BASE.length) return { flagKey: undefined, scope, query };
  return path.charAt(BASE.length) === '/'
    ? { flagKey: decode(path.slice(BASE.length + 1)), scope, query }
    : undefined;
}

/** What cannot be decoded stays as it is: with its `%` it is in no key's grammar, so nothing has that name. */
function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}
