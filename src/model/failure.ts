import type { Problem } from './problem.js';

/**
 * What kind of failure it is. The kind is what `http/errors.ts` turns into a status; the code is what people look up.
 */
export type FailureKind =
  | 'invalid' // 400: the request's shape
  | 'unauthenticated' // 401
  | 'forbidden' // 403
  | 'not-found' // 404
  | 'conflict' // 409: the repository's or the resource's state does not allow it
  | 'precondition' // 412: If-Match, If-None-Match
  | 'too-large' // 413
  | 'unsupported-type' // 415
  | 'misdirected' // 421: an unknown Host
  | 'unprocessable' // 422: what the files would become
  | 'limited' // 429, with Retry-After: too many of something
  | 'busy' // 503, with Retry-After where trying again helps
  | 'full' // 507: no room on the disk
  | 'bug'; // 500: never shows its message

/** What a failure carries besides its sentence. */
export interface FailureData {
  /** The problems that a refused write would add. */
  readonly problems?: readonly Problem[];
  /** The id of what is there now, for a precondition that failed. */
  readonly current?: string;
  /** When to try again, in whole seconds; null where that does not help. */
  readonly retryAfterSeconds?: number | null;
  /** What stands in the way: keys, paths, places. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The one error that carries an expected failure across `await`. Anything else that is thrown is a bug. */
export class Failure extends Error {
  readonly kind: FailureKind;
  /** Upper-case words joined by underscores, stable. */
  readonly code: string;
  readonly data: FailureData;

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    options: { data?: FailureData; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.code = code;
    this.data = options.data ?? {};
  }
}
