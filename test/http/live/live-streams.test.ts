import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Dialect } from '../../../src/http/live/frames.js';
import { LiveStreams } from '../../../src/http/live/live-streams.js';
import { Failure } from '../../../src/model/failure.js';
import { openFlagEvents } from '../../../src/repository/flag-events.js';
import { flagFiles } from '../../support/flags.js';
import { createRepository } from '../../support/git.js';
import { cacheOf, closeCaches } from '../../support/served.js';
import { until } from '../../support/until.js';
import { openBareStream } from './streams.js';

interface Place {
  live: LiveStreams;
  server: Server;
  /** Streams of OFREP, and below `/flags` those of seed 004. The address is what the path says. */
  url: string;
  refusals: string[];
}

const NOW = Date.UTC(2026, 0, 15, 10);
const LIMITS = { inAll: 3, perAddress: 2 };

const test = suite<Place>('open streams');

test.before.each(async (place) => {
  const { dir } = await createRepository(flagFiles({ acme: { one: 1 } }));
  const cache = await cacheOf(dir);
  await cache.ready;
  place.refusals = [];
  place.live = new LiveStreams({
    cache,
    events: openFlagEvents(cache),
    publicAccess: 'read',
    revoked: { has: () => false },
    limits: LIMITS,
    log: () => undefined,
    now: () => NOW,
  });
  place.server = createServer(({ url = '' }, response) => {
    const [, kind, address = ''] = url.split('/');
    const dialect: Dialect = kind === 'flags' ? 'flags' : 'ofrep';
    const audience = { caller: { kind: 'anonymous', isLocal: true }, scope: undefined } as const;
    try {
      place.live.demand({ audience, address });
      place.live.open(response, { audience, address, dialect, lastEventId: undefined, retryMs: 1_000 });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      place.refusals.push(error.code);
      response.writeHead(503).end();
    }
  }).listen(0, '127.0.0.1');
  await once(place.server, 'listening');
  place.url = `http://127.0.0.1:${(place.server.address() as AddressInfo).port}`;
});

test.after.each(async ({ live, server }) => {
  live.close();
  server.closeAllConnections();
  server.close();
  await closeCaches();
});

test('a heartbeat is a frame for seed 004, and a comment for OFREP, who know no such event', async ({
  live,
  url,
}) => {
  const flags = await openBareStream(`${url}/flags/a`);
  const ofrep = await openBareStream(`${url}/ofrep/b`);
  await live.beat();
  await until(() => flags.frames.length === 2 && ofrep.frames.length === 2);
  assert.equal(flags.frames[1], { event: 'heartbeat', data: '{"timestamp":"2026-01-15T10:00:00.000Z"}' });
  assert.equal(ofrep.frames[1], { '': '' });
});

test('only so many streams are open, in all and of one address; what closes makes room', async ({
  live,
  url,
  refusals,
}) => {
  const status = async (path: string) => (await openBareStream(url + path)).response.statusCode;
  const first = await openBareStream(`${url}/ofrep/a`);
  assert.equal([await status('/ofrep/a'), await status('/ofrep/a')], [200, 503]);
  assert.equal([await status('/ofrep/b'), await status('/ofrep/c')], [200, 503]);
  assert.equal(refusals, ['TOO_MANY_STREAMS', 'TOO_MANY_STREAMS']);
  assert.is(live.count, 3);
  first.close();
  await until(() => live.count === 2);
  assert.is(await status('/ofrep/a'), 200);
});

test('a slow reader is dropped, and what waits for them is bounded', async ({ live, url }) => {
  const { hostname, port } = new URL(url);
  const slow = connect(Number(port), hostname);
  const quick = await openBareStream(`${url}/flags/b`);
  slow.pause().on('error', () => undefined);
  slow.write('GET /flags/a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await until(() => live.count === 2);
  // The kernel takes some megabytes before the process has to hold anything.
  while (live.count === 2) {
    await live.beat();
    await setImmediate();
  }
  assert.is(live.count, 1);
  assert.not.ok(quick.isOver);
  slow.destroy();
});

test('a reader who went away before the answer begins costs nothing', async ({ live, url }) => {
  const { hostname, port } = new URL(url);
  const gone = connect(Number(port), hostname);
  await once(gone, 'connect');
  gone.end('GET /ofrep/a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  gone.destroy();
  const stream = await openBareStream(`${url}/ofrep/b`);
  await until(() => live.count === 1);
  stream.close();
  await until(() => live.count === 0);
});

test.run();
