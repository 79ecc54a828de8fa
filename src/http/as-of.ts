import { Failure } from '../model/failure.js';
import type { Moment } from '../repository/past.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import { type Caller, demand, type PublicAccess } from './access.js';

/** What a question about another commit brings with it. */
export interface AsOf {
  readonly cache: FlagCache;
  /** The revision in the caller's words. */
  readonly at: string;
}

/**
 * The revision that is asked for, in the query (`at=`) or in the header `Flagstaff-At`; undefined for what is served.
 * Throws `Failure` INVALID_REVISION where two different ones are named.
 */
export function readAt(
  header: string | readonly string[] | undefined,
  query: string | URLSearchParams,
): string | undefined {
  if (header === undefined && query === '') return undefined;
  const [first, ...others] = [...new URLSearchParams(query).getAll('at'), ...textsOf(header)];
  if (others.some((other) => other !== first)) {
    throw new Failure('invalid', 'INVALID_REVISION', 'the revision: two different ones are named');
  }
  return first;
}

/**
 * Throws a `Failure` for callers who may not read the past: other commits hold what was never meant for them, and reading
 * them costs more than an evaluation.
 */
export function demandPast(caller: Caller, publicAccess: PublicAccess | undefined): void {
  demand(caller, { kind: 'history' }, publicAccess);
}

/** The moment, and those of these organizations that were there. They are chosen among those of today. */
export async function orgsAsOf(
  { cache, at }: AsOf,
  orgs: readonly ServedOrg[],
): Promise<{ readonly moment: Moment; readonly orgs: readonly ServedOrg[] }> {
  const moment = await cache.past.resolve(at);
  const then: ServedOrg[] = [];
  for (const { snapshot } of orgs) {
    const served = await cache.past.orgAt(moment.commit, snapshot.key);
    if (served !== undefined) then.push(served);
  }
  return { moment, orgs: then };
}

/** A header's bytes come as Latin-1; names of branches are UTF-8. */
function textsOf(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []].flat().map((text) => Buffer.from(text, 'latin1').toString('utf8'));
}
