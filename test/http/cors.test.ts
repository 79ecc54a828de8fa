import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { FILES } from './sample.js';

interface Place {
  server: TestServer;
  closed: TestServer;
}

const test = suite<Place>('http/cors');
const FLAGS = '/api/v1/feature-flags';
const EVALUATE = '/ofrep/v1/evaluate/flags';
const APP = 'https://app.example.com';
const PREFLIGHT = {
  'Access-Control-Request-Method': 'PUT',
  'Access-Control-Request-Headers': 'authorization',
};

test.before(async (place) => {
  place.server = await serveFiles(FILES, { corsOrigins: [APP] });
  place.closed = await serveFiles(FILES);
});
test.after(async ({ server, closed }) => {
  await server.close();
  await closed.close();
});

function crossHeaders(headers: Headers): string[] {
  return [...headers.keys()].filter((name) => name.startsWith('access-control'));
}

/** A preflight is no operation of the description, so it is asked past the check against that. */
function preflight({ url }: TestServer, path: string, origin: string): Promise<Response> {
  return fetch(url + path, { method: 'OPTIONS', headers: { Origin: origin, ...PREFLIGHT } });
}

for (const path of [FLAGS, EVALUATE, `${EVALUATE}/limit`, '/api/admin/me']) {
  test(`a preflight of a listed origin is answered: ${path}`, async ({ server }) => {
    const { status, headers } = await preflight(server, path, APP);
    assert.is(status, 204);
    assert.is(headers.get('access-control-allow-origin'), APP);
    assert.match(headers.get('access-control-allow-methods') ?? '', 'PUT');
    assert.match(headers.get('access-control-allow-headers') ?? '', 'X-API-Key');
    assert.is(headers.get('access-control-allow-credentials'), null);
    assert.is(headers.get('vary'), 'Origin');
  });

  test(`a preflight of another origin gets no leave: ${path}`, async ({ server, closed }) => {
    const others = [
      'https://evil.example',
      `${APP}.evil.example`,
      `${APP}:8443`,
      'http://app.example.com',
      'null',
    ];
    for (const origin of others) {
      const { status, headers } = await preflight(server, path, origin);
      assert.ok(status >= 400, origin);
      assert.equal(crossHeaders(headers), [], origin);
    }
    assert.equal(crossHeaders((await preflight(closed, path, APP)).headers), []);
  });
}

test('a page of a listed origin reads answers and their tags, errors too', async ({ server }) => {
  for (const [path, body] of [
    [FLAGS, undefined],
    [`${FLAGS}/nobody`, undefined],
    [EVALUATE, {}],
  ] as const) {
    const { headers } = await server.ask(path, { body, headers: { Origin: APP } });
    assert.is(headers['access-control-allow-origin'], APP);
    for (const name of ['ETag', 'Location', 'Allow', 'Flagstaff-Revision']) {
      assert.match(headers['access-control-expose-headers'] ?? '', name);
    }
    assert.is(headers.vary, 'Origin');
  }
});

test('a cache is told that answers differ by origin, also where none is named', async ({
  server,
  closed,
}) => {
  assert.is((await server.ask(FLAGS)).headers.vary, 'Origin');
  assert.is((await closed.ask(FLAGS)).headers.vary, undefined);
});

test('pages of other origins may not read, and those of listed ones may write', async ({ server }) => {
  const evil = await server.ask(FLAGS, { headers: { Origin: 'https://evil.example' } });
  assert.is(evil.headers['access-control-allow-origin'], undefined);
  const put = { method: 'PUT', token: await tokenOf(), body: { description: 'from a page' } };
  const write = (origin: string) => server.ask(`${FLAGS}/dark-mode`, { ...put, headers: { Origin: origin } });
  assert.is((await write('https://evil.example')).status, 403);
  assert.is((await write(APP)).status, 200);
});

test('every answer says that it is what its type says, and no page (RELIABILITY 3)', async ({ closed }) => {
  for (const [path, body] of [
    [FLAGS, undefined],
    ['/nowhere', undefined],
    ['/health', undefined],
    [EVALUATE, {}],
    [`${EVALUATE}/nobody`, {}],
    [EVALUATE, 'no JSON'],
  ] as const) {
    const { headers } = await closed.ask(path, { body });
    assert.is(headers['x-content-type-options'], 'nosniff', path);
    assert.is(headers['content-security-policy'], "default-src 'none'; frame-ancestors 'none'", path);
    assert.is(headers['referrer-policy'], 'no-referrer', path);
    assert.match(headers['cache-control'] ?? '', /^no-(?:cache|store)$/, path);
  }
});

test.run();
