import type { Inexpressible } from '../evaluation/flagd/inexpressible.js';
import { Failure } from '../model/failure.js';
import type { FlagCache } from '../repository/served.js';
import { type Caller, type PublicAccess, viewOf } from './access.js';
import { listsTag, parseTags } from './conditions.js';
import { readOne } from './feature-flag-list.js';
import { DefinitionsFiles } from './flagd-files.js';
import type { OfrepScope } from './ofrep-path.js';
import { demandTarget, findTargetOrg } from './ofrep-target.js';
import type { Asked, Reply, Route } from './route.js';

/** What serving flagd needs. */
export interface FlagdOptions {
  readonly cache: FlagCache;
  readonly publicAccess: PublicAccess | undefined;
}

/** The definitions of an environment for flagd and the in-process providers of OpenFeature, which then evaluate on their own. */
export function flagdRoutes(options: FlagdOptions): readonly Route[] {
  const all = { ...options, files: new DefinitionsFiles() };
  return [
    {
      operation: 'GET /flagd/flags.json',
      query: ['skip'],
      handle: (asked) => definitions(all, asked, undefined),
    },
    {
      operation: 'GET /orgs/:organization/projects/:project/environments/:environment/flagd/flags.json',
      query: ['skip'],
      handle: (asked) => definitions(all, asked, scopeIn(asked.params)),
    },
  ];
}

/**
 * Throws `Failure` 422 FLAGD_INEXPRESSIBLE where some flag cannot be expressed, unless those are to be skipped: an
 * answer never says something else than evaluation here.
 */
async function definitions(
  { cache, publicAccess, files }: FlagdOptions & { readonly files: DefinitionsFiles },
  { caller, query, request }: Asked,
  scope: OfrepScope | undefined,
): Promise<Reply> {
  demandFullView(caller, publicAccess);
  const skips = readSkip(query);
  const question = { caller, scope };
  const { served, environment } = demandTarget(cache, question, findTargetOrg(cache, question));
  const { refused, skipped, tag, bytes } = await files.of(environment);
  if (refused.length > 0 && !skips) throw inexpressible(refused);
  const headers = {
    ETag: `"${tag}"`,
    'Flagstaff-Revision': served.revision,
    ...(skipped === 0 ? {} : { 'Flagstaff-Skipped': String(skipped) }),
  };
  if (listsTag(parseTags(request.headers['if-none-match']), tag)) return { status: 304, headers };
  return { status: 200, headers, content: { type: 'application/json; charset=utf-8', bytes } };
}

/** Definitions show rules, segments and people, so they are for no one whose view is that of a client. */
function demandFullView(caller: Caller, publicAccess: PublicAccess | undefined): void {
  if (viewOf(caller, publicAccess) === 'full') return;
  if (caller.kind === 'anonymous') {
    throw new Failure(
      'unauthenticated',
      'UNAUTHORIZED',
      'a credential is needed: definitions are not public',
    );
  }
  const sentence = 'definitions show rules and people: they are not for client keys';
  throw new Failure('forbidden', 'FORBIDDEN', sentence);
}

function readSkip(query: URLSearchParams): boolean {
  const skip = readOne(query, 'skip');
  if (skip === undefined || skip === 'inexpressible') return skip !== undefined;
  throw new Failure('invalid', 'INVALID_QUERY', 'skip: wanted inexpressible');
}

/** The router has decoded them. */
function scopeIn(params: Asked['params']): OfrepScope {
  const { organization: org = '', project = '', environment = '' } = params;
  return { org, project, environment };
}

const MOST_TOLD = 100;

function inexpressible(refused: readonly Inexpressible[]): Failure {
  const total = refused.length;
  const [first] = refused;
  const example = first === undefined ? '' : `, such as ${first.construct} in ${first.flag}`;
  const sentence = `flagd cannot express ${total === 1 ? 'something' : `${total} things`} that flags here say${example}; skip=inexpressible leaves such flags out`;
  const details = { inexpressible: refused.slice(0, MOST_TOLD), total };
  return new Failure('unprocessable', 'FLAGD_INEXPRESSIBLE', sentence, { data: { details } });
}
