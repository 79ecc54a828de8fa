import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openLogs } from '../../src/http/logs/open-logs.js';
import { type Ask, ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { until } from '../support/until.js';
import { FILES } from './sample.js';

type Line = Readonly<Record<string, unknown>>;
interface Logged {
  server: TestServer;
  lines: Line[];
  /** All that was written. */
  text: () => string;
}

const test = suite<Logged>('the log of requests and changes');

test.before.each(async (logged) => {
  const written: string[] = [];
  const lines: Line[] = [];
  const write = (line: string): void => {
    written.push(line);
    lines.push(JSON.parse(line));
  };
  const logs = openLogs('json', { write, dropped: 0, flush: () => Promise.resolve() });
  logged.server = await serveFiles(FILES, { logs });
  logged.lines = lines;
  logged.text = () => written.join('');
});
test.after.each(({ server }) => server.close());

/** The line of one request, which is named so. */
async function lineOf({ server, lines }: Logged, path: string, ask: Ask = {}): Promise<Line> {
  const id = `r-${lines.length}`;
  await server.ask(path, { ...ask, headers: { ...ask.headers, 'X-Request-Id': id } });
  const isOf = ({ event, requestId }: Line): boolean => event === 'request' && requestId === id;
  await until(async () => lines.some(isOf));
  const [line = {}, ...more] = lines.filter(isOf);
  assert.equal(more, []);
  const { time, ms, requestId, ...rest } = line;
  assert.type(ms, 'number');
  return rest;
}

test('one line tells what was asked, by whom, and what became of it', async (logged) => {
  const token = await tokenOf();
  assert.equal(await lineOf(logged, '/ofrep/v1/evaluate/flags/dark-mode?x=y', { body: {} }), {
    level: 'info',
    event: 'request',
    method: 'POST',
    path: '/ofrep/v1/evaluate/flags/dark-mode',
    operation: 'POST /ofrep/v1/evaluate/flags/:key',
    status: 200,
    who: 'anonymous',
  });
  assert.equal(await lineOf(logged, '/api/v1/feature-flags/dark-mode?org_id=acme', { token }), {
    level: 'info',
    event: 'request',
    method: 'GET',
    path: '/api/v1/feature-flags/dark-mode',
    operation: 'GET /api/v1/feature-flags/:key',
    status: 200,
    who: 'marc',
  });
  assert.equal(await lineOf(logged, '/nowhere'), {
    level: 'info',
    event: 'request',
    method: 'GET',
    path: '/nowhere',
    status: 404,
  });
});

test('a request of a trace is told with the trace', async (logged) => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const { traceId } = await lineOf(logged, '/ready', { headers: { traceparent } });
  assert.is(traceId, '4bf92f3577b34da6a3ce929d0e0e4736');
});

test('P18: no line has a credential, a query or an address in it', async (logged) => {
  const token = await tokenOf();
  const key = 'fs_server_0123456789abcdef0123456789abcdef';
  await lineOf(logged, `/api/v1/feature-flags?q=ticket-of-somebody`, { token });
  await lineOf(logged, '/api/admin/members/ada%40example.com', { token });
  await lineOf(logged, `/api/v1/feature-flags/${key}`, { headers: { 'X-API-Key': key } });
  await lineOf(logged, `/docs/${token}`, { headers: ELSEWHERE });
  for (const secret of [token, key, 'ticket-of-somebody', 'ada']) assert.not.match(logged.text(), secret);
});

test('one line tells of each change, with the request that asked for it and without what it says', async (logged) => {
  const { server, lines } = logged;
  const token = await tokenOf();
  const ask = { method: 'PUT', token, body: { description: 'Of ada@example.com' } };
  const headers = { 'X-Request-Id': 'the-write' };
  const { headers: answered } = await server.ask('/api/v1/feature-flags/dark-mode', { ...ask, headers });
  const changes = lines.filter(({ event }) => event === 'change').map(({ time, ...rest }) => rest);
  assert.equal(changes, [
    {
      level: 'info',
      event: 'change',
      requestId: 'the-write',
      who: 'marc',
      org: 'acme',
      commit: answered['flagstaff-commit'],
      kinds: ['flag.update'],
      paths: ['flags/acme/web-app/flags/dark-mode.yaml'],
    },
  ]);
  assert.not.match(logged.text(), 'ada@example.com');
});

test('what changes nothing is no change', async ({ server, lines }) => {
  const token = await tokenOf();
  const body = { description: 'Dark colours' };
  assert.is(
    (await server.ask('/api/v1/feature-flags/dark-mode', { method: 'PUT', token, body })).status,
    200,
  );
  assert.equal(
    lines.filter(({ event }) => event === 'change'),
    [],
  );
});

test('a commit that somebody pushed is told when it is served', async ({ server, lines }) => {
  const path = 'flags/globex/site/flags/banner.yaml';
  const revision = await server.repository.commit({ [path]: 'environments: {}\n' });
  const isOf = (line: Line): boolean => line.event === 'swap' && line.revision === revision;
  await until(async () => lines.some(isOf));
  const told = lines.filter(isOf).map(({ org, flags }) => ({ org, flags }));
  assert.equal(told, [{ org: 'globex', flags: 2 }]);
});

test.run();
