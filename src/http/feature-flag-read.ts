import type { ServedOrg } from '../repository/served.js';
import { viewOf } from './access.js';
import { demandFullView, orgsAsOf, readAt } from './as-of.js';
import { headersOf, revisionOf, shown } from './feature-flag-answers.js';
import { type FeatureFlagOptions, lookUp, questionOf } from './feature-flag-asked.js';
import type { FeatureFlag } from './feature-flag-body.js';
import { type FlagPage, listFlags, namedOrg } from './feature-flag-list.js';
import { candidatesOf, findAmong, orgNotFound } from './flag-lookup.js';
import type { Asked, Reply } from './route.js';

/** `GET` of the list, as served or, with `at`, as another commit had it. */
export function list(options: FeatureFlagOptions, asked: Asked): Reply | Promise<Reply> {
  const { cache, publicAccess } = options;
  const named = namedOrg(cache, asked.query);
  const orgs = named === undefined ? [...cache.orgs.values()] : [named];
  const at = readAt(asked.request.headers['flagstaff-at'], asked.query);
  if (at !== undefined) return listAsOf(options, asked, { at, orgs, named });
  const page = listFlags(orgs, asked.query, viewOf(asked.caller, publicAccess));
  const data = page.flags.map((found) => shown(options, found));
  return { status: 200, headers: revisionOf(cache), body: pageBody(page, data) };
}

/**
 * `GET` of one flag, as served or, with `at`, as another commit had it. Never a 304: the tag is the file's, and the answer
 * tells of the project's default environment and of history too.
 */
export function get(options: FeatureFlagOptions, asked: Asked): Reply | Promise<Reply> {
  const at = readAt(asked.request.headers['flagstaff-at'], asked.query);
  if (at !== undefined) return getAsOf(options, asked, at);
  const found = lookUp(options, asked);
  return { status: 200, headers: headersOf(found), body: shown(options, found) };
}

async function listAsOf(
  options: FeatureFlagOptions,
  { caller, query }: Asked,
  asked: {
    readonly at: string;
    readonly orgs: readonly ServedOrg[];
    readonly named: ServedOrg | undefined;
  },
): Promise<Reply> {
  const { cache, publicAccess } = options;
  const { at, named } = asked;
  demandFullView(caller, publicAccess);
  const { moment, orgs } = await orgsAsOf({ cache, at }, asked.orgs);
  if (named !== undefined && orgs.length === 0) throw orgNotFound(named.snapshot.key);
  const page = listFlags(orgs, query, 'full');
  const data = page.flags.map((found) => shown(options, found, moment.commit));
  return { status: 200, headers: { 'Flagstaff-Revision': moment.commit }, body: pageBody(page, data) };
}

/** Where it is looked for, and what the caller belongs to, is judged by the organizations of today. */
async function getAsOf(options: FeatureFlagOptions, asked: Asked, at: string): Promise<Reply> {
  const { cache, publicAccess } = options;
  demandFullView(asked.caller, publicAccess);
  const question = questionOf(options, asked);
  const { moment, orgs } = await orgsAsOf({ cache, at }, candidatesOf(cache, question));
  const found = findAmong(orgs, question);
  return { status: 200, headers: headersOf(found), body: shown(options, found, moment.commit) };
}

function pageBody({ page, limit, total }: FlagPage, data: readonly FeatureFlag[]): object {
  return { data, pagination: { page, limit, total } };
}
