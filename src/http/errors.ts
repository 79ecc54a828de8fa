import { Failure, type FailureKind } from '../model/failure.js';
import { withoutSecrets } from './redact.js';

/** An error as an answer. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

const STATUS: Readonly<Record<FailureKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  precondition: 412,
  'too-large': 413,
  'unsupported-type': 415,
  misdirected: 421,
  unprocessable: 422,
  limited: 429,
  bug: 500,
  busy: 503,
  full: 507,
};

/** What a bug says instead of its own message, which is for the log alone. */
const BUG_SENTENCE = 'something went wrong in the server';

const RETRY_AFTER_SECONDS = 1;

/**
 * The one place where a failure becomes a status. Whatever is thrown and is no `Failure` is a bug: a 500 that never shows
 * its message. A `Failure` was written for the caller, so an expected 5xx says what is in the way. Each 5xx goes to the
 * log once, here.
 */
export function answerOf(error: unknown, log: (line: string) => void): ErrorAnswer {
  const failure =
    error instanceof Failure ? error : new Failure('bug', 'INTERNAL_ERROR', String(error), { cause: error });
  const status = STATUS[failure.kind];
  const isBug = failure.kind === 'bug';
  if (status >= 500) log(withoutSecrets(describe(failure)));
  return {
    status,
    headers: headersOf(failure),
    code: isBug ? 'INTERNAL_ERROR' : failure.code,
    message: isBug ? BUG_SENTENCE : withoutSecrets(failure.message),
    details: isBug ? {} : detailsOf(failure),
  };
}

/**
 * The error body of the dialect that a path belongs to; OFREP has its own. Seed 002 answers a sentence alone, seed 004
 * has one code for each status: where ours is finer, it is the reason in the details.
 */
export function errorBody(answer: ErrorAnswer, path: string): object {
  const { status, code, message, details } = answer;
  if (SENTENCE_PATHS.test(path)) return { error: message };
  const seedCode = ADMIN_PATHS.test(path) ? SEED_CODES.get(status) : undefined;
  if (seedCode === undefined || seedCode === code) return { error: { code, message, details } };
  return { error: { code: seedCode, message, details: { ...details, reason: code } } };
}

const SENTENCE_PATHS = /^\/api\/(?:admin\/config|platform)(?:\/|$)/;
const ADMIN_PATHS = /^\/api\/admin(?:\/|$)/;
const SEED_CODES: ReadonlyMap<number, string> = new Map([
  [400, 'INVALID_REQUEST'],
  [401, 'UNAUTHORIZED'],
  [403, 'FORBIDDEN'],
  [404, 'NOT_FOUND'],
  [409, 'CONFLICT'],
  [429, 'RATE_LIMITED'],
  [500, 'INTERNAL_ERROR'],
]);

/** The answer to a method that a path does not have. */
export function methodNotAllowed(allowed: readonly string[]): ErrorAnswer {
  const methods = allowed.join(', ');
  return {
    status: 405,
    headers: { Allow: methods },
    code: 'METHOD_NOT_ALLOWED',
    message: `this path answers ${methods}`,
    details: {},
  };
}

/** The refusal of whatever needs flags that are not loaded. */
export function notReady(): Failure {
  return new Failure('busy', 'NOT_READY', 'flags are not loaded yet', {
    data: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  });
}

function headersOf(failure: Failure): Record<string, string> {
  if (failure.kind === 'unauthenticated') return { 'WWW-Authenticate': 'Bearer realm="flagstaff"' };
  const { retryAfterSeconds = RETRY_AFTER_SECONDS } = failure.data;
  const isForNow = failure.kind === 'busy' || failure.kind === 'limited';
  if (!isForNow || retryAfterSeconds === null) return {};
  return { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
}

function detailsOf(failure: Failure): Record<string, unknown> {
  const { problems, current, details } = failure.data;
  const whole = {
    ...details,
    ...(problems === undefined ? {} : { problems }),
    ...(current === undefined ? {} : { current }),
  };
  return JSON.parse(withoutSecrets(JSON.stringify(whole)));
}

function describe(failure: Failure): string {
  if (failure.kind !== 'bug') return `${failure.code}: ${failure.message}`;
  return failure.cause instanceof Error
    ? (failure.cause.stack ?? failure.message)
    : (failure.stack ?? failure.message);
}
