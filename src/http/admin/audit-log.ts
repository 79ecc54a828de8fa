import { FLAGS_FOLDER } from '../../files/paths.js';
import { Failure } from '../../model/failure.js';
import { type FlagKey, parseFlagKey } from '../../model/keys.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import type { GitRepository } from '../../repository/git.js';
import type { FlagCache } from '../../repository/served.js';
import { readNumber, readOne } from '../feature-flag-list.js';
import { flagPaths } from '../flag-paths.js';
import { findNumbered, isNumber } from '../numbered.js';
import type { Asked, Reply, Route } from '../route.js';
import { orgOf, projectOf } from '../scope.js';
import { historyFor, type ShownHistory } from '../withheld-words.js';
import { type AuditEntry, entryOf } from './audit-entries.js';
import { flagKeyOf, groupsOf } from './audit-groups.js';
import { AuditLedgers, type CountedCommit } from './audit-ledger.js';
import { ordersIn } from './audit-orders.js';

/** What the log is told from. */
export interface AuditOptions {
  readonly cache: FlagCache;
  readonly repository: GitRepository;
}

/** The audit log of a project: git history, in the words of seed 004. */
export function auditRoutes(options: AuditOptions): readonly Route[] {
  const ledgers = new AuditLedgers(options.cache.history);
  const query = ['limit', 'offset', 'flagId', 'userId'];
  const handle = (asked: Asked) => listEntries({ ...options, ledgers }, asked);
  return [{ operation: 'GET /api/admin/projects/:projectId/audit-log', query, handle }];
}

interface Log extends AuditOptions {
  readonly ledgers: AuditLedgers;
}

/** The log as a caller may read it. */
interface ReadLog extends Log {
  readonly history: ShownHistory;
}

/** Which part of the log is wanted. */
interface Wanted {
  readonly limit: number;
  readonly offset: number;
  /** Undefined for all flags, null for none that is known. */
  readonly flag: FlagKey | null | undefined;
  readonly user: string | undefined;
}

const DEFAULT_LIMIT = 50;
const MOST_ENTRIES = 200;
const MOST_OFFSET = 9_999_999;
const USER_MAX_LENGTH = 254;

/** GET: who changed what, newest first. A flag or a user of whom nothing is known is a filter that nothing fits. */
async function listEntries(log: Log, asked: Asked): Promise<Reply> {
  const project = projectOf(asked);
  const { snapshot, revision } = orgOf(asked);
  const wanted = readWanted(asked.query, project);
  const { limit, offset, flag, user } = wanted;
  const name = { org: snapshot.key, project: project.key };
  const under = flag === undefined ? [folderOf(project)] : flag === null ? [] : flagPaths({ ...name, flag });
  const commits = (await log.ledgers.of(under)).filter((commit) => user === undefined || isBy(commit, user));
  const total = commits.reduce((sum, { entries }) => sum + entries, 0);
  const history = historyFor(log.cache, asked.caller);
  const entries = await pageOf({ ...log, history }, { commits, project, ...wanted });
  return {
    status: 200,
    headers: { 'Flagstaff-Revision': revision },
    body: { entries, total, limit, offset },
  };
}

/** Only the commits of the page are read. */
async function pageOf(
  log: ReadLog,
  {
    commits,
    project,
    offset,
    limit,
    flag,
  }: Wanted & { readonly commits: readonly CountedCommit[]; readonly project: ProjectSnapshot },
): Promise<readonly AuditEntry[]> {
  const page: AuditEntry[] = [];
  let skip = offset;
  for (const commit of commits) {
    if (page.length >= limit) break;
    if (skip < commit.entries) {
      const bounds = { from: skip, to: skip + limit - page.length };
      page.push(...(await entriesOf(log, { oid: commit.oid, project, flag, ...bounds })));
    }
    skip = Math.max(0, skip - commit.entries);
  }
  return page;
}

/** Numbers count what the commit did to the whole project, so that an entry has one id in every log. */
async function entriesOf(
  { history, repository }: ReadLog,
  {
    oid,
    project,
    flag,
    from,
    to,
  }: Pick<Wanted, 'flag'> & {
    readonly oid: string;
    readonly project: ProjectSnapshot;
    readonly from: number;
    readonly to: number;
  },
): Promise<readonly AuditEntry[]> {
  const entry = await history.entryOf(oid, [folderOf(project)], { mostMerged: 0 });
  if (entry === undefined) return [];
  const numbered = groupsOf(entry).map((group, index) => ({ group, number: index + 1 }));
  const own = numbered.filter(({ group }) => flag === undefined || flagKeyOf(group.resource) === flag);
  return Promise.all(
    own.slice(from, to).map(async ({ group, number }) => {
      const orders = await ordersIn(repository, entry, group);
      return entryOf(entry, { group, number, project, orders });
    }),
  );
}

function folderOf({ org, key }: ProjectSnapshot): string {
  return `${FLAGS_FOLDER}/${org}/${key}/`;
}

function isBy({ user, email }: CountedCommit, wanted: string): boolean {
  return user === wanted || email.toLowerCase() === wanted.toLowerCase();
}

function readWanted(query: URLSearchParams, project: ProjectSnapshot): Wanted {
  const user = readOne(query, 'userId');
  if (user !== undefined && (user === '' || user.length > USER_MAX_LENGTH)) {
    throw new Failure('invalid', 'INVALID_QUERY', `userId: wanted 1 to ${USER_MAX_LENGTH} characters`);
  }
  return {
    limit: readNumber(query, 'limit', { from: 1, to: MOST_ENTRIES }) ?? DEFAULT_LIMIT,
    offset: readNumber(query, 'offset', { from: 0, to: MOST_OFFSET }) ?? 0,
    flag: readFlag(readOne(query, 'flagId'), project),
    user,
  };
}

/** By key, a flag that is gone is meant too. */
function readFlag(text: string | undefined, { flags }: ProjectSnapshot): Wanted['flag'] {
  if (text === undefined) return undefined;
  if (isNumber(text)) return findNumbered(flags, text)?.key ?? null;
  const key = parseFlagKey(text);
  if (key !== undefined) return key;
  throw new Failure('invalid', 'INVALID_QUERY', 'flagId: neither a number nor a key');
}
