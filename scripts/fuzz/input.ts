import fc from 'fast-check';
import { placeOf } from '../../src/http/permissions.js';
import {
  exampleBody,
  goodRequest,
  OPERATIONS,
  pathParametersOf,
  queryParametersOf,
  withParameter,
} from '../../test/http/corpus-requests.js';
import { CALLERS, type CallerName } from '../../test/http/matrix-callers.js';
import type { SampleOrg } from '../../test/http/matrix-requests.js';
import { anyMutation, anyValue, mutate } from './values.js';

/** Something to send. */
export type FuzzInput = RequestInput | BytesInput;

/** A request that a client of HTTP can send. */
export interface RequestInput {
  readonly kind: 'request';
  readonly method: string;
  /** With its query, as it is sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined sends none. */
  readonly body: string | Buffer | undefined;
  readonly caller: CallerName | 'bad credential';
}

/** Bytes that may be no HTTP. */
export interface BytesInput {
  readonly kind: 'bytes';
  readonly bytes: Buffer;
}

/** Everything that is sent, for an organization that has what it names. */
export function anyInput(org: SampleOrg): fc.Arbitrary<FuzzInput> {
  return fc.oneof({ weight: 30, arbitrary: anyRequest(org) }, { weight: 1, arbitrary: anyBytes });
}

const operation = fc.constantFrom(...OPERATIONS);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
/** The more somebody may do, the more of the code is reached. */
const caller = fc.oneof(
  { weight: 6, arbitrary: fc.constant<CallerName>('super admin') },
  { weight: 6, arbitrary: fc.constant<CallerName>('org admin') },
  { weight: 4, arbitrary: fc.constantFrom<CallerName>(...CALLERS) },
  { weight: 1, arbitrary: fc.constant('bad credential' as const) },
);
const oddPart = fc.oneof(
  fc.constantFrom('..', '%2e%2e%2f', '%00', '%ff', '%', '__proto__', '0', '9'.repeat(15), 'web-app', 'api'),
  fc.constantFrom(
    'production',
    'development',
    'banner',
    'inner',
    'beta',
    'germans',
    'HEAD',
    'HEAD~1',
    'fresh',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }).map(encodeURIComponentLoosely),
);
const queryValue = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    '1',
    '-1',
    '1.5',
    '100',
    '1e9',
    'true',
    'acme',
    'org_acme',
    'globex',
    'banner',
    'HEAD',
  ),
  anyValue.map((value) => String(value).slice(0, 500)),
);
const header = fc.oneof(
  fc.tuple(
    fc.constantFrom('If-Match', 'If-None-Match'),
    fc.constantFrom('*', `"${'0'.repeat(40)}"`, 'W/"x"', 'x, "', '', '"a", "b"', '"'.repeat(9_000)),
  ),
  fc.tuple(
    fc.constant('Flagstaff-At'),
    fc.constantFrom(
      'HEAD',
      'HEAD~1',
      'HEAD~99999',
      '2026-01-01',
      '..',
      '-x',
      '2026-99-99T00:00:00Z',
      '0'.repeat(40),
    ),
  ),
  fc.tuple(
    fc.constant('Content-Type'),
    fc.constantFrom(
      'text/plain',
      'application/json; charset=utf-8',
      'application/json;;',
      'multipart/form-data',
      '',
    ),
  ),
  fc.tuple(fc.constant('Origin'), fc.constantFrom('null', 'http://evil.example.com', 'x')),
  fc.tuple(fc.constant('Host'), fc.constantFrom('evil.example.com', 'localhost', '', '[::1', 'a:b:c')),
  fc.tuple(
    fc.constantFrom(
      'X-Forwarded-For',
      'Via',
      'Accept',
      'Range',
      'Cookie',
      'Content-Encoding',
      'X-API-Key',
      'X-HTTP-Method-Override',
    ),
    fc.constantFrom('1', '203.0.113.7', 'gzip', 'DELETE', 'x'.repeat(8_000), 'bytes=0-0'),
  ),
);

function anyRequest(org: SampleOrg): fc.Arbitrary<RequestInput> {
  return fc
    .record({
      operation,
      caller,
      otherMethod: sometimes(method, 20),
      odd: sometimes(fc.tuple(fc.nat(9), oddPart), 4),
      queries: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(20), queryValue), { maxLength: 2 }) },
      ),
      headers: fc.oneof(
        { weight: 5, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(header, { maxLength: 2 }) },
      ),
      isExample: fc.boolean(),
      mutations: fc.oneof(fc.constant([]), fc.array(anyMutation, { minLength: 1, maxLength: 3 })),
      junk: sometimes(anyJunk, 15),
    })
    .map((drawn) => {
      const good = goodRequest(drawn.operation, org);
      const names = pathParametersOf(drawn.operation);
      const name = drawn.odd === undefined ? undefined : names[drawn.odd[0] % Math.max(1, names.length)];
      const path =
        name === undefined || drawn.odd === undefined ? good.path : withParameter(good, name, drawn.odd[1]);
      const known = drawn.isExample ? (exampleBody(drawn.operation) ?? good.body) : good.body;
      const body = known === undefined ? undefined : JSON.stringify(mutate(known, drawn.mutations));
      return {
        kind: 'request' as const,
        method: drawn.otherMethod ?? placeOf(drawn.operation).method,
        path: `${path}${queryOf(good.query, queryParametersOf(drawn.operation), drawn.queries)}`,
        headers: Object.fromEntries(drawn.headers),
        body: drawn.junk ?? body,
        caller: drawn.caller,
      };
    });
}

const anyJunk = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  fc.json(),
);

/** Once in so many times. */
function sometimes<Value>(arbitrary: fc.Arbitrary<Value>, onceIn: number): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: onceIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const anyBytes: fc.Arbitrary<BytesInput> = fc
  .oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .tuple(
        fc.constantFrom(
          'GET /health HTTP/1.1',
          'POST /ofrep/v1/evaluate/flags HTTP/1.1',
          'GET /api/v1/%00 HTTP/9',
        ),
        fc.string({ unit: 'binary' }),
        fc.uint8Array(),
      )
      .map(([line, text, bytes]) =>
        Buffer.concat([
          Buffer.from(`${line}\r\nHost: 127.0.0.1\r\nX: ${text}\r\nContent-Length: ${bytes.length}\r\n\r\n`),
          bytes,
        ]),
      ),
    fc
      .constantFrom(
        'Transfer-Encoding: chunked\r\n\r\nffffffffff\r\n',
        'Content-Length: 1\r\nContent-Length: 2\r\n\r\nx',
        'Content-Length: -1\r\n\r\n',
        `X: ${'y'.repeat(20_000)}\r\n\r\n`,
      )
      .map((rest) =>
        Buffer.from(
          `POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${rest}`,
        ),
      ),
  )
  .map((bytes) => ({ kind: 'bytes' as const, bytes }));

function queryOf(
  start: string,
  names: readonly string[],
  drawn: readonly (readonly [number, string])[],
): string {
  const known = names.length === 0 ? ['colour'] : names;
  const more = drawn.map(
    ([number, value]) => `${known[number % known.length]}=${encodeURIComponentLoosely(value)}`,
  );
  const parts = [...(start === '' ? [] : [start.slice(1)]), ...more];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Half a character has no form in a URL. */
function encodeURIComponentLoosely(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
