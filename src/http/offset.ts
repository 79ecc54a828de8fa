import { readNumber } from './feature-flag-list.js';

/** Which part of a list that grows at its beginning is wanted. */
export interface Offset {
  readonly offset: number;
  readonly limit: number;
}

/** The parameters that say it. */
export const PAGE_PARAMETERS = ['limit', 'offset'];
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const MAX_OFFSET = 9_999_999;

/** Reads them. Throws a `Failure` of kind `invalid` for what is no whole number in its range. */
export function readOffset(query: URLSearchParams): Offset {
  return {
    limit: readNumber(query, 'limit', { from: 1, to: MAX_LIMIT }) ?? DEFAULT_LIMIT,
    offset: readNumber(query, 'offset', { from: 0, to: MAX_OFFSET }) ?? 0,
  };
}
