import { foldEmail } from '../model/email.js';
import { Failure } from '../model/failure.js';
import type { Need } from '../model/permission.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { FollowedRemote, LostChange, PendingChange } from '../repository/remote/remote.js';
import type { FlagCache } from '../repository/served.js';
import { type Caller, type PersonCaller, personOf } from './access.js';
import { forbidden, grantsIn, mayIn } from './authorize.js';
import type { Asked, Reply, Route } from './route.js';

/** What these operations need. */
export interface PendingOptions {
  readonly cache: FlagCache;
  /** Undefined where none is followed: then nothing waits for one. */
  readonly remote: FollowedRemote | undefined;
}

/** What a caller may see of changes that the remote does not have. */
export interface UnpushedShown {
  readonly pending: readonly PendingChange[];
  readonly lost: readonly LostChange[];
}

/** Changes that were acknowledged here and that the remote does not have: not yet, or never. */
export function pendingRoutes(options: PendingOptions): readonly Route[] {
  return [
    { operation: 'GET /api/v1/changes/pending', query: [], handle: (asked) => list(options, asked) },
    { operation: 'DELETE /api/v1/changes/pending/:id', query: [], handle: (asked) => forget(options, asked) },
  ];
}

/**
 * Of the changes that the remote does not have, those that are for the caller: people see their own, and others' where
 * they may view the projects that were changed; callers on this machine, who may read history, see all.
 */
export function unpushedFor({ cache, remote }: PendingOptions, caller: Caller): UnpushedShown {
  if (remote === undefined) return { pending: [], lost: [] };
  const { pending, lost } = remote.status;
  const isShown = (change: PendingChange): boolean => isFor(cache, caller, change);
  return { pending: pending.filter(isShown), lost: lost.filter(isShown) };
}

/** GET: the oldest first of those that wait, the newest first of those that are lost. */
function list(options: PendingOptions, { caller }: Asked): Reply {
  const { pending, lost } = unpushedFor(options, caller);
  return {
    status: 200,
    body: { data: { pending: pending.map(shownPending), lost: lost.map(shownLost) } },
  };
}

/**
 * DELETE: a lost change off the list, by its author or somebody who could make it again: it was in nobody's files, so
 * nothing is written. A pending one that the remote refuses is undone, by somebody who may make it.
 */
async function forget(options: PendingOptions, asked: Asked): Promise<Reply> {
  const { id = '' } = asked.params;
  const caller = personOf(asked.caller);
  const { pending, lost } = unpushedFor(options, caller);
  const waiting = pending.find((one) => one.id === id);
  if (waiting !== undefined) return withdraw(options, caller, waiting);
  const change = lost.find((one) => one.id === id);
  if (change === undefined) throw notFound(id);
  if (!isOwn(caller, change.author)) demandAll(options.cache, caller, change);
  if ((await options.remote?.forget(id)) !== true) throw notFound(id);
  return { status: 200, body: { success: true, undone: null } };
}

/** Its author too must still be allowed to make it: flags answer otherwise then. */
async function withdraw(
  { cache, remote }: PendingOptions,
  caller: PersonCaller,
  change: PendingChange,
): Promise<Reply> {
  demandAll(cache, caller, change);
  if ((await remote?.withdraw(change.id)) !== true) throw stillPending(change.id);
  return { status: 200, body: { success: true, undone: change.subject } };
}

function isFor(cache: FlagCache, caller: Caller, { org, author, needs }: PendingChange): boolean {
  if (caller.kind === 'key') return false;
  if (caller.kind === 'anonymous') return true;
  const snapshot = cache.findOrg(org)?.snapshot;
  // Of an organization that is not served any more, no roles are known.
  if (snapshot === undefined) return caller.identity.isSuperAdmin;
  if (grantsIn(caller, snapshot) === undefined) return false;
  return isOwn(caller, author) || needs.every((need) => mayView(caller, snapshot, need));
}

function mayView(caller: PersonCaller, org: OrgSnapshot, need: Need): boolean {
  return mayIn(caller, org, 'project' in need ? { may: 'view-project', project: need.project } : need);
}

/** The author's address stands at the end: `Marc <marc@example.com>`. */
function isOwn({ identity }: PersonCaller, author: string): boolean {
  const { email } = identity;
  return email !== undefined && foldEmail(author).endsWith(`<${foldEmail(email)}>`);
}

/** Throws a `Failure` where the caller could not make the change. */
function demandAll(cache: FlagCache, caller: PersonCaller, { org, needs }: PendingChange): void {
  const snapshot = cache.findOrg(org)?.snapshot;
  if (snapshot === undefined) return;
  const missing = needs.find((need) => !mayIn(caller, snapshot, need));
  if (missing !== undefined) throw forbidden(grantsIn(caller, snapshot), missing);
}

function shownPending({ id, commit, org, author, subject, since }: PendingChange): object {
  return { id, commit, org, author, subject, since: new Date(since).toISOString() };
}

function shownLost(change: LostChange): object {
  const { lostAt, code, message } = change;
  return { ...shownPending(change), lostAt: new Date(lostAt).toISOString(), code, message };
}

function notFound(id: string): Failure {
  return new Failure('not-found', 'NOT_FOUND', `lost change ${id}: not found`);
}

function stillPending(id: string): Failure {
  const sentence = `change ${id} is served here, and pushed as soon as the remote takes it: it is taken off only where the remote has refused it`;
  return new Failure('conflict', 'CHANGE_PENDING', sentence);
}
