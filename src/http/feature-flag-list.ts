import { Failure } from '../model/failure.js';
import type { FlagFile, FlagStatus } from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import type { View } from './access.js';
import { type FoundFlag, isVisible } from './flag-lookup.js';
import type { FlagPlace } from './flag-place.js';

/** One page of a list. */
export interface FlagPage {
  readonly flags: readonly FoundFlag[];
  readonly page: number;
  readonly limit: number;
  /** How many there are on all pages. */
  readonly total: number;
}

/** What narrows a list. All that are given must fit; what of it counts in which view, `fits` says. */
export interface FlagFilter {
  readonly tag: string | undefined;
  readonly owner: string | undefined;
  readonly status: FlagStatus | undefined;
  /** Found in key, name or description, whatever the case. */
  readonly text: string | undefined;
}

/** The parameters of a list. */
export const LIST_PARAMETERS = ['org_id', 'at', 'tag', 'owner', 'status', 'q', 'page', 'limit'];
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const MAX_PAGE = 1_000_000;
/** No tag, owner or name is longer. */
const MAX_TEXT = 200;
export const STATUSES: readonly FlagStatus[] = ['development', 'active', 'deprecated'];

/** The flags of these places, in their order and that of the keys. Throws a `Failure` for a query that makes no sense. */
export function listFlags(places: readonly FlagPlace[], query: URLSearchParams, view: View): FlagPage {
  const page = readNumber(query, 'page', { from: 1, to: MAX_PAGE }) ?? 1;
  const limit = readNumber(query, 'limit', { from: 1, to: MAX_LIMIT }) ?? DEFAULT_LIMIT;
  const filter = readFilter(query);
  const flags = places.flatMap((place): readonly FoundFlag[] =>
    [...place.project.flags.values()]
      .filter((flag) => isVisible(flag, view) && fits(flag, filter, view))
      .map((flag) => ({ ...place, flag })),
  );
  return { flags: flags.slice((page - 1) * limit, page * limit), page, limit, total: flags.length };
}

/** The value of a parameter that may be given once. Throws a `Failure` where it is given more often. */
export function readOne(query: URLSearchParams, name: string): string | undefined {
  const [first, ...others] = query.getAll(name);
  if (others.length > 0) throw invalid(`${name}: given more than once`);
  return first;
}

/** The filter that a query asks for. Throws a `Failure` for one that makes no sense. */
export function readFilter(query: URLSearchParams): FlagFilter {
  const status = readOne(query, 'status');
  const known = STATUSES.find((word) => word === status);
  if (status !== undefined && known === undefined) throw invalid(`status: wanted ${STATUSES.join(', ')}`);
  return {
    tag: readText(query, 'tag'),
    owner: readText(query, 'owner'),
    status: known,
    text: readText(query, 'q')?.toLowerCase(),
  };
}

function readText(query: URLSearchParams, name: string): string | undefined {
  const text = readOne(query, name);
  if (text === undefined || text.length <= MAX_TEXT) return text;
  throw invalid(`${name}: longer than ${MAX_TEXT} characters`);
}

/** A whole number of a range; undefined where it is left out. Throws a `Failure` where it is none. */
export function readNumber(
  query: URLSearchParams,
  name: string,
  range: { readonly from: number; readonly to: number },
): number | undefined {
  const text = readOne(query, name);
  if (text === undefined) return undefined;
  const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.from && value <= range.to) return value;
  throw invalid(`${name}: wanted a whole number from ${range.from} to ${range.to}`);
}

/**
 * Whether the flag is one of those that the filter asks for. What the view `client` does not show narrows nothing for it:
 * how many are found would tell it.
 */
export function fits({ key, file }: Flag, filter: FlagFilter, view: View): boolean {
  const { tag, owner, status, text } = filter;
  if (view === 'full' && tag !== undefined && !(file.tags?.includes(tag) ?? false)) return false;
  if (view === 'full' && owner !== undefined && file.owner !== owner) return false;
  if (status !== undefined && (file.status ?? 'development') !== status) return false;
  return text === undefined || wordsOf(key, file, view).some((words) => words.toLowerCase().includes(text));
}

function wordsOf(key: string, { name, description }: FlagFile, view: View): readonly string[] {
  return [key, (view === 'full' ? name : undefined) ?? '', description ?? ''];
}

function invalid(message: string): Failure {
  return new Failure('invalid', 'INVALID_QUERY', message);
}
