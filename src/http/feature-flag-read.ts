import type { ServedOrg } from '../repository/served.js';
import { viewOf } from './access.js';
import { demandPast, orgsAsOf, readAt } from './as-of.js';
import { orgNotFound } from './authorize.js';
import { headersOf, revisionOf, shown } from './feature-flag-answers.js';
import { type FeatureFlagOptions, lookUp, questionOf } from './feature-flag-asked.js';
import type { FeatureFlag } from './feature-flag-body.js';
import { type FlagPage, listFlags, readOne } from './feature-flag-list.js';
import { findAmong, readFlagKey } from './flag-lookup.js';
import {
  allowedPlaces,
  candidatesOf,
  demandPlaces,
  type FlagPlace,
  type PlaceQuestion,
} from './flag-place.js';
import { orgNamed, orgsFor } from './org-lookup.js';
import { type Asked, jsonContent, type Reply } from './route.js';

/** `GET` of the list, as served or, with `at`, as another commit had it. */
export function list(options: FeatureFlagOptions, asked: Asked): Reply | Promise<Reply> {
  const { cache, publicAccess } = options;
  const { caller, query, request } = asked;
  const question: PlaceQuestion = { caller, org: readOne(query, 'org_id'), right: 'view-project' };
  const { org } = question;
  const orgs = org === undefined ? orgsFor(cache, caller) : [orgNamed(cache, org, caller)];
  const at = readAt(request.headers['flagstaff-at'], query);
  if (at !== undefined) return listAsOf(options, asked, { question, orgs, at });
  const places = placesToList(options, question, orgs);
  const view = viewOf(caller, publicAccess);
  const { head } = cache.history;
  const json = options.pages.find({ head, places, view, query, now: options.now() }, () => {
    const page = listFlags(places, query, view);
    return pageBody(
      page,
      page.flags.map((found) => shown(options, found)),
    );
  });
  return { status: 200, headers: revisionOf(cache), content: jsonContent(json) };
}

/**
 * `GET` of one flag, as served or, with `at`, as another commit had it. Never a 304: the tag is the file's, and the answer
 * tells of the project's default environment and of history too.
 */
export function get(options: FeatureFlagOptions, asked: Asked): Reply | Promise<Reply> {
  const at = readAt(asked.request.headers['flagstaff-at'], asked.query);
  if (at !== undefined) return getAsOf(options, asked, at);
  const found = lookUp(options, asked, 'view-project');
  return { status: 200, headers: headersOf(found), body: shown(options, found) };
}

async function listAsOf(
  options: FeatureFlagOptions,
  { caller, query }: Asked,
  asked: {
    readonly question: PlaceQuestion;
    readonly orgs: readonly ServedOrg[];
    readonly at: string;
  },
): Promise<Reply> {
  const { cache, publicAccess } = options;
  const { question, at } = asked;
  demandPast(caller, publicAccess);
  const { moment, orgs } = await orgsAsOf({ cache, at }, asked.orgs);
  if (question.org !== undefined && orgs.length === 0) throw orgNotFound(question.org);
  const page = listFlags(placesToList(options, question, orgs), query, 'full');
  const data = page.flags.map((found) => shown(options, found, moment.commit));
  return { status: 200, headers: { 'Flagstaff-Revision': moment.commit }, body: pageBody(page, data) };
}

/** Of all organizations those that the caller may see; of one that is named, what they may not see is refused. */
function placesToList(
  { cache }: FeatureFlagOptions,
  question: PlaceQuestion,
  orgs: readonly ServedOrg[],
): readonly FlagPlace[] {
  return question.org === undefined
    ? allowedPlaces(cache, question, orgs)
    : demandPlaces(cache, question, orgs);
}

/** Where it is looked for, and what the caller may see, is judged by the organizations of today. */
async function getAsOf(options: FeatureFlagOptions, asked: Asked, at: string): Promise<Reply> {
  const { cache, publicAccess } = options;
  demandPast(asked.caller, publicAccess);
  const question = questionOf(options, asked, 'view-project');
  readFlagKey(question.key);
  const { moment, orgs } = await orgsAsOf({ cache, at }, candidatesOf(cache, question));
  const found = findAmong(demandPlaces(cache, question, orgs), question);
  return { status: 200, headers: headersOf(found), body: shown(options, found, moment.commit) };
}

function pageBody({ page, limit, total }: FlagPage, data: readonly FeatureFlag[]): object {
  return { data, pagination: { page, limit, total } };
}
