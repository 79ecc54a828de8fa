import { FLAGS_FOLDER } from '../files/paths.js';
import { Failure } from '../model/failure.js';
import { parseFlagKey, parseProjectKey } from '../model/keys.js';
import { isGranted } from '../model/permission.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { EntryBounds, HistoryEntry, HistoryQuery } from '../repository/commit-history.js';
import type { Past } from '../repository/past.js';
import type { ServedOrg } from '../repository/served.js';
import { changedTexts } from '../repository/version-texts.js';
import type { Caller } from './access.js';
import { demandIn } from './authorize.js';
import { namedCommit, shownEntry } from './change-answers.js';
import type { ChangesOptions } from './changes.js';
import { ALONE, IN_LIST, shownDiff } from './cut-answers.js';
import { revisionOf } from './feature-flag-answers.js';
import { readOne } from './feature-flag-list.js';
import { flagPaths } from './flag-paths.js';
import { PAGE_PARAMETERS, readOffset } from './offset.js';
import { chooseOrg } from './org-lookup.js';
import type { Asked, Reply } from './route.js';
import { historyFor } from './withheld-words.js';

/** The parameters of the log. */
export const LOG_PARAMETERS = [...PAGE_PARAMETERS, 'org_id', 'project', 'flag', 'author'];

const EMAIL_MAX_LENGTH = 254;

/** GET: every commit that changed files of an organization, by whomever, newest first. */
export async function listChanges(options: ChangesOptions, asked: Asked): Promise<Reply> {
  const { cache } = options;
  const { offset, limit } = readOffset(asked.query);
  const { snapshot } = askedOrg(options, asked);
  const email = readAuthor(asked.query);
  const query: HistoryQuery = {
    under: readUnder(asked, snapshot),
    offset,
    limit,
    ...(email === undefined ? {} : { email }),
    ...IN_LIST,
  };
  const { total, entries } = await historyFor(cache, asked.caller).page(query);
  const body = { data: entries.map(shownEntry), pagination: { limit, offset, total } };
  return { status: 200, headers: revisionOf(cache), body };
}

/** GET: one commit with all that it did to files of an organization; one that came in by a merge too. */
export async function showChange(options: ChangesOptions, asked: Asked): Promise<Reply> {
  const { snapshot } = askedOrg(options, asked);
  const entry = await findEntry(options, asked, {
    under: visiblePaths(asked.caller, snapshot),
    bounds: ALONE,
  });
  const { diff, isCut } = await shownDiff(await changedTexts(options.repository, entry));
  const { mergedBy } = entry;
  const body = {
    ...shownEntry(entry),
    mergedBy: mergedBy === undefined ? null : namedCommit(mergedBy),
    diff,
    isCut: entry.isCut || isCut,
  };
  return { status: 200, headers: revisionOf(options.cache), body };
}

/**
 * The commit that the path names, with what it did to the files below these paths: by its id or the beginning of it, else by
 * whatever else names a revision. Throws a `Failure`: `invalid` for what can be no revision, `not-found` alike for a
 * commit that is not there and for one of others.
 */
export async function findEntry(
  { cache }: ChangesOptions,
  asked: Asked,
  { under, bounds }: { readonly under: readonly string[]; readonly bounds: EntryBounds },
): Promise<HistoryEntry> {
  const named = asked.params.commit ?? '';
  const commit = await commitOf(cache.past, named);
  const entry =
    commit === undefined ? undefined : await historyFor(cache, asked.caller).entryOf(commit, under, bounds);
  if (entry !== undefined && entry.files.length > 0) return entry;
  throw new Failure('not-found', 'REVISION_NOT_FOUND', `commit ${named}: not found in this history`);
}

/** A branch may have a name that looks like an id; here ids come first. */
async function commitOf(past: Past, named: string): Promise<string | undefined> {
  return (await unlessNotFound(past.resolveId(named))) ?? (await unlessNotFound(past.resolve(named)))?.commit;
}

async function unlessNotFound<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') return undefined;
    throw error;
  }
}

function askedOrg({ cache }: ChangesOptions, { query, caller }: Asked): ServedOrg {
  return chooseOrg(cache, readOne(query, 'org_id'), caller);
}

/** Of a flag its overrides and tests are part. What is no longer there has a history too. */
function readUnder({ caller, query }: Asked, org: OrgSnapshot): readonly string[] {
  const project = readKey(query, 'project', parseProjectKey);
  const flag = readKey(query, 'flag', parseFlagKey);
  if (project === undefined && flag === undefined) return visiblePaths(caller, org);
  const home = project ?? org.defaultProject;
  if (home === undefined) throw invalid('project: wanted, the organization has no default project');
  if (caller.kind === 'person') demandIn(caller, org, { may: 'view-project', project: home });
  return flag === undefined ? [folderOf(org, home)] : flagPaths({ org: org.key, project: home, flag });
}

/**
 * What the caller may read the past of: of people who do not manage the organization the projects that they may view, be
 * they there or not, and not the files of the organization itself. Throws `Failure` FORBIDDEN where that is none.
 */
export function visiblePaths(caller: Caller, org: OrgSnapshot): readonly string[] {
  const whole = `${FLAGS_FOLDER}/${org.key}/`;
  if (caller.kind !== 'person') return [whole];
  const grants = demandIn(caller, org, { may: 'view-org' });
  if (isGranted(grants, { may: 'manage-org' })) return [whole];
  const projects = [...grants.projects.keys()];
  if (projects.length > 0) return projects.map((project) => folderOf(org, project));
  throw new Failure('forbidden', 'FORBIDDEN', 'your role does not suffice: a role in a project is needed');
}

function folderOf({ key }: OrgSnapshot, project: string): string {
  return `${FLAGS_FOLDER}/${key}/${project}/`;
}

function readKey<Key>(
  query: URLSearchParams,
  name: string,
  parse: (text: string) => Key | undefined,
): Key | undefined {
  const text = readOne(query, name);
  if (text === undefined) return undefined;
  const key = parse(text);
  if (key === undefined) throw invalid(`${name}: not in the grammar of keys`);
  return key;
}

function readAuthor(query: URLSearchParams): string | undefined {
  const email = readOne(query, 'author');
  if (email === undefined || (/^\S+$/.test(email) && email.length <= EMAIL_MAX_LENGTH)) return email;
  throw invalid('author: wanted an e-mail address');
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'INVALID_QUERY', message);
}
