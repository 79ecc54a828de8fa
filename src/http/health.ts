import { FLAGS_FOLDER } from '../files/paths.js';
import type { Need } from '../model/permission.js';
import { hasErrors, type Problem } from '../model/problem.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { GitRepository } from '../repository/git.js';
import type { FollowedRemote } from '../repository/remote/remote.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import type { Caller, PublicAccess } from './access.js';
import { mayIn } from './authorize.js';
import { answerOf, errorBody, notReady } from './errors.js';
import { orgsFor } from './org-lookup.js';
import { unpushedFor } from './pending-changes.js';
import type { Asked, Reply, Route } from './route.js';

/** What health is told of. */
export interface HealthOptions {
  readonly repository: GitRepository;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch?: string | undefined;
  /** The revision that is only shown, and takes no writes; undefined where a branch is served. */
  readonly ref: string | undefined;
  readonly cache: FlagCache;
  readonly publicAccess: PublicAccess | undefined;
  /** The remote repository that is followed; undefined where there is none. */
  readonly remote: FollowedRemote | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  /** The version of this program. */
  readonly version: string;
}

type Status = 'starting' | 'ok' | 'degraded';

/** For people and machines that watch the server: whether it answers, and what is wrong with the files it serves. */
export function healthRoutes(options: HealthOptions): readonly Route[] {
  return [
    { operation: 'GET /health', handle: (asked) => health(options, asked) },
    { operation: 'GET /ready', handle: () => ready(options.cache) },
  ];
}

/**
 * The details are for people and for callers on this machine. People see those of organizations in which they have a role,
 * and of the files there those of projects that they may view; its admins see all of them.
 */
async function health(options: HealthOptions, { caller }: Asked): Promise<Reply> {
  const { cache, publicAccess, version } = options;
  const status = statusOf(options);
  const isPublic = caller.kind === 'anonymous' && caller.isLocal && publicAccess !== 'none';
  if (caller.kind !== 'person' && !isPublic) return { status: 200, body: { status } };
  const orgs = orgsFor(cache, caller);
  const body = {
    status,
    version,
    revision: cache.revision ?? null,
    ...(await checkedOut(options)),
    trouble: cache.trouble ?? null,
    ...remoteHealth(options, caller),
    orgs: orgs.map((org) => orgHealth(org, cache, caller)),
    problems: [
      ...cache.problems.filter((problem) => isFor(caller, problem)),
      ...orgs.flatMap(({ snapshot, problems }) =>
        problems.filter(({ path }) => isOpenTo(caller, snapshot, needOf(path))),
      ),
    ],
  };
  return { status: 200, body };
}

/** Files outside any organization, and those of one that cannot be served at all, are for those who see all of them. */
function isFor(caller: Caller, { path }: Problem): boolean {
  const isOfAll = caller.kind !== 'person' || caller.identity.isSuperAdmin;
  return isOfAll || !path.startsWith(`${FLAGS_FOLDER}/`);
}

/** Only people are asked for roles: of the others none gets here but those on this machine. */
function isOpenTo(caller: Caller, org: OrgSnapshot, need: Need): boolean {
  return caller.kind !== 'person' || mayIn(caller, org, need);
}

/** A file may be where none belongs, so this goes by the folder that it is in, whatever the file is. */
function needOf(path: string): Need {
  const [, , project, ...below] = path.split('/');
  const isInProject = project !== undefined && below.length > 0;
  return isInProject ? { may: 'view-project', project } : { may: 'manage-org' };
}

/** Which branch is followed, or which revision is shown. What is wrong with a HEAD that cannot be read, `trouble` says. */
async function checkedOut({ repository, branch, ref }: HealthOptions): Promise<object> {
  if (ref !== undefined) return { branch: null, isDetached: false, ref };
  const head = await repository.head().catch(() => undefined);
  return {
    branch: branch ?? head?.branch ?? null,
    isDetached: head !== undefined && head.branch === undefined,
  };
}

function ready(cache: FlagCache): Reply {
  if (cache.isReady) return { status: 200, body: { status: 'ready' } };
  const answer = answerOf(notReady(), () => undefined);
  return { status: answer.status, headers: answer.headers, body: errorBody(answer, '/ready') };
}

function statusOf({ cache, remote }: HealthOptions): Status {
  if (!cache.isReady) return 'starting';
  if (remote !== undefined && !isFollowed(remote)) return 'degraded';
  const problems = [...cache.problems, ...[...cache.orgs.values()].flatMap((org) => org.problems)];
  const isWhole = cache.trouble === undefined && cache.orgTroubles.size === 0 && !hasErrors(problems);
  return isWhole ? 'ok' : 'degraded';
}

function isFollowed({ status }: FollowedRemote): boolean {
  return status.trouble === undefined && !status.isStale && status.lost.length === 0;
}

/** How the remote is followed, where one is. Changes are counted that the caller may see. */
function remoteHealth(options: HealthOptions, caller: Caller): object {
  const { remote, now } = options;
  if (remote === undefined) return {};
  const { url, branch, mode, transport, head, fetchedAt, followedAt, ...rest } = remote.status;
  const { failuresInARow, trouble, isStale } = rest;
  const { pending, lost } = unpushedFor(options, caller);
  const age = followedAt === undefined ? undefined : Math.max(0, Math.floor((now() - followedAt) / 1000));
  const shown = {
    ...{ url, branch, mode, transport, head: head ?? null },
    fetchedAt: timeText(fetchedAt),
    followedAt: timeText(followedAt),
    ageSeconds: age ?? null,
    ...{ failuresInARow, trouble: trouble ?? null, isStale },
    ...{ pending: pending.length, lost: lost.length },
  };
  return { remote: shown };
}

function timeText(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}

/** Flags are counted and named where the caller may view their project. */
function orgHealth(org: ServedOrg, cache: FlagCache, caller: Caller): object {
  const { snapshot, revision, version, loadedAt } = org;
  const flags = [...snapshot.projects.values()]
    .filter(({ key: project }) => isOpenTo(caller, snapshot, { may: 'view-project', project }))
    .flatMap((project) => [...project.flags.values()]);
  const stale = flags.filter((flag) => flag.stale !== undefined).map(({ path }) => path);
  return {
    key: snapshot.key,
    id: snapshot.id,
    revision,
    version,
    loadedAt: new Date(loadedAt).toISOString(),
    flags: flags.length,
    trouble: cache.orgTroubles.get(snapshot.key) ?? null,
    staleFlags: stale.length,
    stale,
  };
}
