import type { IncomingHttpHeaders } from 'node:http';
import { Failure } from '../../model/failure.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import { isObject } from '../body.js';
import type { HookBody } from './hook-body.js';

/** What a git host tells. */
export type GitEvent =
  | { readonly kind: 'ping' }
  /** The refs that moved, by full name or by that of a branch; undefined where it is not known which. */
  | { readonly kind: 'push'; readonly refs: readonly string[] | undefined }
  | { readonly kind: 'other' };

/**
 * Reads an event of GitHub, Gitea, Forgejo, GitLab or Bitbucket (cloud and data center) by the header that names it. A
 * sender that names none, such as a hook of a bare repository that runs `curl`, is one that tells of a push. JSON is read
 * whatever its type is said to be. Throws a `Failure` of kind `invalid` where the body of a push is none, and of kind
 * `unsupported-type` where nobody said that it is.
 */
export function readEvent(headers: IncomingHttpHeaders, body: HookBody): GitEvent {
  const name = EVENT_HEADERS.map((header) => headers[header]).find((value) => typeof value === 'string');
  if (name !== undefined && PINGS.has(String(name))) return { kind: 'ping' };
  if (name !== undefined && !PUSHES.has(String(name))) return { kind: 'other' };
  if (body.kind === 'long') return { kind: 'push', refs: undefined };
  return eventOf(parse(headers, body.bytes));
}

const EVENT_HEADERS = ['x-github-event', 'x-gitea-event', 'x-forgejo-event', 'x-gitlab-event', 'x-event-key'];
const PINGS: ReadonlySet<string> = new Set(['ping', 'diagnostics:ping']);
const PUSHES: ReadonlySet<string> = new Set([
  'push',
  'Push Hook',
  'System Hook',
  'repo:push',
  'repo:refs_changed',
]);

function eventOf(body: JsonValue | undefined): GitEvent {
  if (!isObject(body)) return { kind: 'push', refs: undefined };
  // GitLab's system hooks tell of everything under one name.
  if (typeof body.event_name === 'string' && !GITLAB_PUSHES.has(body.event_name)) return { kind: 'other' };
  return { kind: 'push', refs: refsOf(body) };
}

const GITLAB_PUSHES: ReadonlySet<string> = new Set(['push', 'repository_update']);

/** GitHub, Gitea and GitLab tell one ref, GitLab's system several, Bitbucket each change. */
function refsOf(body: JsonObject): readonly string[] | undefined {
  if (typeof body.ref === 'string') return [body.ref];
  if (Array.isArray(body.refs)) return body.refs.filter((ref) => typeof ref === 'string');
  const changes = isObject(body.push) ? body.push.changes : body.changes;
  return Array.isArray(changes) ? changes.flatMap(refsOfChange) : undefined;
}

/** `{ref: {id}}` of the data center, `{new: {name}, old: {name}}` of the cloud; of the latter null is what is not there. */
function refsOfChange(change: JsonValue): readonly string[] {
  if (!isObject(change)) return [];
  const told = [[change.ref, 'id'] as const, [change.new, 'name'] as const, [change.old, 'name'] as const];
  return told.flatMap(([part, name]) => {
    const ref = isObject(part) ? part[name] : undefined;
    return typeof ref === 'string' ? [ref] : [];
  });
}

/** GitHub and Gitea can send a form with the JSON in one field; `curl -d` calls everything a form. */
function parse(headers: IncomingHttpHeaders, bytes: Buffer): JsonValue | undefined {
  const { 'content-type': type = JSON_TYPE } = headers;
  const text = bytes.toString('utf8');
  const field = type.startsWith(FORM_TYPE) ? new URLSearchParams(text).get('payload') : null;
  const json = field ?? text;
  if (json.trim() === '') return undefined;
  try {
    return JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (field === null && !type.startsWith(JSON_TYPE)) throw otherType();
    throw new Failure('invalid', 'INVALID_JSON', 'the body: not JSON');
  }
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

function otherType(): Failure {
  return new Failure('unsupported-type', 'UNSUPPORTED_MEDIA_TYPE', `the content type: wanted ${JSON_TYPE}`);
}
