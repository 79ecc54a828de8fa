import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Failure } from '../model/failure.js';
import type { JsonObject, JsonValue } from '../model/values.js';

/** How long a body may be, in bytes. */
const BODY_MAX_BYTES = 1024 * 1024;
/** How deep objects and lists may be nested in a body. */
const BODY_MAX_DEPTH = 32;

/** What a body holds, or why it cannot be read. */
export type Body =
  | { readonly kind: 'json'; readonly value: JsonValue }
  | { readonly kind: 'empty' }
  | FailedBody;

/** A body that cannot be read. */
export interface FailedBody {
  readonly kind: 'failed';
  readonly failure: Failure;
}

/**
 * Reads a request's body and calls back once: callbacks, because evaluation is a hot path and a promise costs it a
 * tenth. It never calls back for a client that goes away. What is left of a body that is too long, node throws away.
 */
export function readBody(request: IncomingMessage, done: (body: Body) => void): void {
  const refusal = refuseByHeaders(request);
  if (refusal !== undefined) done({ kind: 'failed', failure: refusal });
  else collectBody(request, done);
}

/** The object that a body holds. An absent body is undefined; what is no object is a `Failure` of kind `invalid`. */
export async function readObject(request: IncomingMessage): Promise<JsonObject | undefined> {
  const body = await new Promise<Body>((resolve) => readBody(request, resolve));
  if (body.kind === 'failed') throw body.failure;
  if (body.kind === 'empty') return undefined;
  if (!isObject(body.value)) throw new Failure('invalid', 'INVALID_REQUEST', 'the body: wanted an object');
  return body.value;
}

/** True for what JSON writes in braces. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseByHeaders(request: IncomingMessage): Failure | undefined {
  const { headers } = request;
  const length = headers['content-length'];
  const hasBody = headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
  if (hasBody && !isJsonType(headers['content-type'])) {
    return new Failure(
      'unsupported-type',
      'UNSUPPORTED_MEDIA_TYPE',
      'the content type: wanted application/json in UTF-8',
    );
  }
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    return new Failure('unsupported-type', 'UNSUPPORTED_MEDIA_TYPE', 'the content encoding: wanted none');
  }
  return length !== undefined && Number(length) > BODY_MAX_BYTES ? tooLong() : undefined;
}

function collectBody(request: IncomingMessage, done: (body: Body) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  request.on('data', (chunk: Buffer) => {
    const wasWithin = length <= BODY_MAX_BYTES;
    length += chunk.length;
    if (length <= BODY_MAX_BYTES) chunks.push(chunk);
    else if (wasWithin) done({ kind: 'failed', failure: tooLong() });
  });
  request.on('end', () => {
    if (length <= BODY_MAX_BYTES) done(parseBody(chunks, length));
  });
}

function isJsonType(type: string | undefined): boolean {
  if (type === 'application/json' || type === 'application/json; charset=utf-8') return true;
  return type !== undefined && /^application\/(?:[\w.-]+\+)?json *(?:; *charset="?utf-8"? *)?$/i.test(type);
}

function parseBody(chunks: readonly Buffer[], length: number): Body {
  const [only] = chunks;
  if (only === undefined) return { kind: 'empty' };
  const bytes = chunks.length === 1 ? only : Buffer.concat(chunks, length);
  if (!isUtf8(bytes)) return failed('INVALID_JSON', 'the body: not UTF-8');
  let value: JsonValue;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return failed('INVALID_JSON', 'the body: not JSON');
  }
  const fault = faultIn(value, BODY_MAX_DEPTH);
  return fault === undefined ? { kind: 'json', value } : failed('INVALID_REQUEST', fault);
}

/** What code further on must not meet: nesting without end, and names that every object inherits. */
function faultIn(value: JsonValue, depthLeft: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depthLeft === 0) return `the body: nested deeper than ${BODY_MAX_DEPTH} levels`;
  if (Array.isArray(value)) return faultInList(value, depthLeft);
  const object = value as JsonObject;
  for (const name in object) {
    if (name === '__proto__' || name === 'constructor')
      return `the body: a property may not be named ${name}`;
    const fault = faultIn(object[name] as JsonValue, depthLeft - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultInList(list: readonly JsonValue[], depthLeft: number): string | undefined {
  for (const item of list) {
    const fault = faultIn(item, depthLeft - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function failed(code: string, message: string): FailedBody {
  return { kind: 'failed', failure: new Failure('invalid', code, message) };
}

function tooLong(): Failure {
  return new Failure('too-large', 'BODY_TOO_LARGE', `the body: longer than ${BODY_MAX_BYTES} bytes`);
}
