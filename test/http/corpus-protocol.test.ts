import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { permissionOf, placeOf } from '../../src/http/permissions.js';
import type { Answered } from '../support/http.js';
import {
  type CorpusServer,
  type GoodRequest,
  goodRequest,
  OPERATIONS,
  serveCorpus,
} from './corpus-requests.js';

const test = suite('corpus: methods, paths, hosts, origins');
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'];
let server: CorpusServer;

test.before(async () => {
  server = await serveCorpus();
});
test.after(() => server.close());

const requests = (): readonly GoodRequest[] =>
  OPERATIONS.map((operation) => goodRequest(operation, server.org));

/** The methods that the table has at a path. */
function methodsAt(path: string): readonly string[] {
  const places = OPERATIONS.map(placeOf).filter((place) => patternOf(place.path).test(path));
  const methods = places.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...new Set(methods)].sort();
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replace(/:\w+/g, '[^/]+')}$`);
}

for (const operation of OPERATIONS) {
  test(`${operation}: other methods are 405 and told which there are (RELIABILITY 3)`, async () => {
    const { path, query } = goodRequest(operation, server.org);
    const there = methodsAt(path);
    for (const method of METHODS.filter((one) => !there.includes(one))) {
      const answered = await server.asAdmin(`${path}${query}`, { method });
      assert.is(answered.status, 405, `${method}: ${answered.text}`);
      assert.equal(answered.headers.allow?.split(', ').sort(), there);
    }
  });

  test(`${operation}: another case and a slash at the end are no path (RELIABILITY 3)`, async () => {
    const { method, path } = goodRequest(operation, server.org);
    const others = [path.toUpperCase(), path.replace(/^\/./, (start) => start.toUpperCase()), `/${path}`];
    for (const other of [...others, `${path}/`, `${path}//`]) {
      const { status, text } = await server.asAdmin(other, { method });
      assert.ok(isNoPath(other, status), `${other} is ${status}: ${text}`);
    }
  });

  test(`${operation}: an unknown Host on this machine is 421 (RELIABILITY 3)`, async () => {
    for (const host of [
      'rebound.example.com',
      'localhost.example.com',
      '127.0.0.1.example.com',
      '10.0.0.1',
    ]) {
      const { status, text } = await ask(goodRequest(operation, server.org), { Host: host });
      assert.is(status, 421, `${host}: ${text}`);
    }
  });

  const isWrite = !operation.startsWith('GET ') && permissionOf(operation).kind !== 'evaluate';
  test(`${operation}: a page of another origin ${isWrite ? 'may not ask' : 'is told nothing'} (RELIABILITY 3)`, async () => {
    for (const origin of ['https://evil.example.com', 'null', 'http://127.0.0.1:1', 'http://localhost']) {
      const answered = await ask(goodRequest(operation, server.org), { Origin: origin });
      if (isWrite) assert.is(answered.status, 403, `${origin}: ${answered.text}`);
      assert.is(answered.headers['access-control-allow-origin'], undefined);
    }
  });

  if (!operation.startsWith('GET ')) continue;
  test(`${operation}: HEAD answers as GET does, without the body`, async () => {
    const { path, query } = goodRequest(operation, server.org);
    const whole = await server.asAdmin(`${path}${query}`);
    const head = await server.asAdmin(`${path}${query}`, { method: 'HEAD' });
    assert.is(head.status, whole.status);
    assert.is(head.text, '');
    assert.is(head.headers['content-type'], whole.headers['content-type']);
    assert.is(head.headers.etag, whole.headers.etag);
  });
}

/** Whoever watches a server may add what keeps caches away. */
const PROBES: ReadonlySet<string> = new Set(['GET /health', 'GET /ready']);

test('a query parameter that no operation knows is refused (RELIABILITY 3)', async () => {
  const passedOver: string[] = [];
  for (const { operation, method, path, body } of requests()) {
    const asked = { method, ...(body === undefined ? {} : { body }) };
    const { status } = await server.asAdmin(`${path}?colour=red`, asked);
    if (permissionOf(operation).kind === 'evaluate' || PROBES.has(operation)) continue;
    if (status !== 400) passedOver.push(`${status} ${operation}`);
  }
  assert.equal(passedOver, []);
});

test('none of them wrote (P14)', async () => {
  assert.ok(await server.isUntouched());
});

function ask({ method, path, query, body }: GoodRequest, headers: Record<string, string>): Promise<Answered> {
  return server.asAdmin(`${path}${query}`, { method, headers, ...(body === undefined ? {} : { body }) });
}

/** A key of OFREP may hold anything, so a path below is about a flag that is not there; and it has one method. */
function isNoPath(path: string, status: number): boolean {
  return path.startsWith('/ofrep') || path.startsWith('/orgs/')
    ? [400, 404, 405].includes(status)
    : status === 404;
}

test.run();
