import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ELSEWHERE, serveFiles, type TestServer, tokenOf } from '../../support/http.js';
import { until } from '../../support/until.js';
import { openStream } from '../live/streams.js';
import { FILES } from '../sample.js';

const METRICS_TOKEN = 'of-those-who-collect-metrics';

interface Watched {
  server: TestServer;
}

const test = suite<Watched>('metrics');

test.before.each(async (watched) => {
  watched.server = await serveFiles(FILES, { metricsToken: METRICS_TOKEN });
});
test.after.each(({ server }) => server.close());

/** By name and labels, the values that are told now. */
async function read(server: TestServer): Promise<ReadonlyMap<string, number>> {
  const { text } = await server.ask('/metrics');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

function evaluations(flag: string, variant: string, reason: string): string {
  const labels = { org: 'acme', project: 'web-app', environment: 'production', flag, variant, reason };
  const text = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `flagstaff_evaluations_total{${text.join(',')}}`;
}

test('answers of flags are counted by variant and reason, alone and in bulk', async ({ server }) => {
  const german = { body: { context: { targetingKey: 'u-123', country: 'DE' } } };
  await server.ask('/ofrep/v1/evaluate/flags/dark-mode', german);
  await server.ask('/ofrep/v1/evaluate/flags/dark-mode', { body: {} });
  await server.ask('/ofrep/v1/evaluate/flags', german);
  const values = await read(server);
  assert.is(values.get(evaluations('dark-mode', 'on', 'TARGETING_MATCH')), 2);
  assert.is(values.get(evaluations('dark-mode', 'off', 'DEFAULT')), 1);
  assert.is(values.get(evaluations('limit', 'high', 'STATIC')), 1);
  assert.is(values.get(evaluations('no-value', '', 'STATIC')), 1);
});

test('counts go on when flags are served from another commit', async ({ server }) => {
  await server.ask('/ofrep/v1/evaluate/flags/limit', { body: {} });
  const file = 'flags/acme/web-app/flags/dark-mode.yaml';
  const revision = await server.repository.commit({ [file]: 'environments: {}\n' });
  await until(async () => {
    const { headers } = await server.ask('/ofrep/v1/evaluate/flags/limit', { body: {} });
    return headers['flagstaff-revision'] === revision;
  });
  const before = (await read(server)).get(evaluations('limit', 'high', 'STATIC')) ?? 0;
  await server.ask('/ofrep/v1/evaluate/flags/limit', { body: {} });
  assert.ok(before >= 2);
  assert.is((await read(server)).get(evaluations('limit', 'high', 'STATIC')), before + 1);
});

test('the counts of an organization go when it goes', async ({ server }) => {
  await server.ask('/orgs/globex/projects/site/environments/production/ofrep/v1/evaluate/flags', {
    body: {},
  });
  await server.ask('/ofrep/v1/evaluate/flags', { body: {} });
  const counted = async (): Promise<readonly (string | undefined)[]> => {
    const { text } = await server.ask('/metrics');
    const orgs = text.matchAll(/^flagstaff_evaluations_total\{org="(\w+)"/gm);
    return [...new Set([...orgs].map(([, org]) => org))];
  };
  assert.equal(await counted(), ['globex', 'acme']);
  const files = Object.keys(FILES).filter((file) => file.startsWith('flags/globex/'));
  await server.repository.commit(Object.fromEntries(files.map((file) => [file, null])));
  await until(async () => (await counted()).length === 1);
  assert.equal(await counted(), ['acme']);
});

test('a question about the past counts as none', async ({ server }) => {
  await server.ask('/ofrep/v1/evaluate/flags/limit', { body: {}, headers: { 'Flagstaff-At': 'HEAD' } });
  const names = [...(await read(server)).keys()];
  assert.equal(
    names.filter((name) => name.startsWith('flagstaff_evaluations_total')),
    [],
  );
});

test('what cannot be evaluated is counted by its error code', async ({ server }) => {
  await server.ask('/ofrep/v1/evaluate/flags/nothing', { body: {} });
  await server.ask('/ofrep/v1/evaluate/flags', { body: '{' });
  const values = await read(server);
  assert.is(values.get('flagstaff_evaluation_errors_total{code="FLAG_NOT_FOUND"}'), 1);
  assert.is(values.get('flagstaff_evaluation_errors_total{code="PARSE_ERROR"}'), 1);
});

test('requests are timed by operation and class of status', async ({ server }) => {
  await server.ask('/health');
  await server.ask('/nowhere');
  await server.ask('/ofrep/v1/evaluate/flags/limit', { body: {} });
  const counted = (operation: string, status: string, more = ''): string =>
    `operation="${operation}",status="${status}"${more}}`;
  const name = 'flagstaff_request_duration_seconds';
  await until(async () => (await read(server)).has(`${name}_count{${counted('none', '4xx')}`));
  const values = await read(server);
  assert.is(values.get(`${name}_count{${counted('GET /health', '2xx')}`), 1);
  assert.is(values.get(`${name}_count{${counted('none', '4xx')}`), 1);
  const evaluation = 'POST /ofrep/v1/evaluate/flags/:key';
  assert.is(values.get(`${name}_count{${counted(evaluation, '2xx')}`), 1);
  assert.is(values.get(`${name}_bucket{${counted(evaluation, '2xx', ',le="+Inf"')}`), 1);
  assert.ok((values.get(`${name}_sum{${counted(evaluation, '2xx')}`) ?? 0) > 0);
});

test('streams are counted while they are open, and left out of request times; a refused one is timed', async ({
  server,
}) => {
  const counts = async (): Promise<readonly unknown[]> => {
    const values = await read(server);
    const timed = (status: string): number | undefined =>
      values.get(
        `flagstaff_request_duration_seconds_count{operation="GET /api/v1/flags/events",status="${status}"}`,
      );
    return [values.get('flagstaff_streams'), timed('2xx'), timed('4xx')];
  };
  const streams = await Promise.all([0, 1].map(() => openStream(`${server.url}/api/v1/flags/events`)));
  await server.ask('/api/v1/flags/events', { headers: ELSEWHERE });
  assert.equal(await counts(), [2, undefined, 1]);
  for (const stream of streams) stream.close();
  await until(async () => (await counts())[0] === 0);
  assert.equal(await counts(), [0, undefined, 1]);
});

test('writes are counted by what became of them', async ({ server }) => {
  const token = await tokenOf();
  const file = path.join(server.repository.dir, 'flags/acme/web-app/flags/dark-mode.yaml');
  const write = (description: string) =>
    server.ask('/api/v1/feature-flags/dark-mode', { method: 'PUT', token, body: { description } });
  await write('Darker');
  await write('Darker');
  appendFileSync(file, '# not committed yet\n');
  await write('Darkest');
  const values = await read(server);
  const outcomes = ['changed', 'unchanged', 'WORKTREE_DIRTY'];
  const counts = outcomes.map((outcome) =>
    values.get(`flagstaff_writes_total{org="acme",outcome="${outcome}"}`),
  );
  assert.equal(counts, [1, 1, 1]);
  assert.is(values.get('flagstaff_write_queue'), 0);
});

test('what is served is told: flags, problems, what is stale, the age of the head', async ({ server }) => {
  const file = 'flags/acme/web-app/flags/limit.yaml';
  await server.repository.commit({ [file]: 'type: nonsense\n' });
  await until(
    async () => ((await read(server)).get('flagstaff_problems{org="acme",severity="error"}') ?? 0) > 0,
  );
  const values = await read(server);
  assert.is(values.get('flagstaff_ready'), 1);
  assert.is(values.get('flagstaff_flags{org="acme"}'), 6);
  assert.is(values.get('flagstaff_stale_flags{org="acme"}'), 1);
  assert.is(values.get('flagstaff_stale_flags{org="globex"}'), 0);
  assert.is(values.get('flagstaff_problems{org="",severity="error"}'), 0);
  assert.ok((values.get('flagstaff_head_age_seconds') ?? -1) >= 0);
  assert.ok((values.get('flagstaff_swaps_total{org="acme"}') ?? 0) >= 1);
  assert.ok((values.get('process_resident_memory_bytes') ?? 0) > 0);
  assert.ok(values.has('nodejs_eventloop_lag_p99_seconds'));
});

test('metrics are open on this machine, to who shows the token, and to super admins', async ({ server }) => {
  const status = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await server.ask('/metrics', { headers })).status;
  const bearer = (token: string) => ({ ...ELSEWHERE, Authorization: `Bearer ${token}` });
  assert.is(await status({}), 200);
  assert.is(await status(ELSEWHERE), 401);
  assert.is(await status(bearer(METRICS_TOKEN)), 200);
  assert.is(await status(bearer(`${METRICS_TOKEN}x`)), 401);
  assert.is(await status(bearer(await tokenOf())), 403);
  assert.is(await status(bearer(await tokenOf({ superAdmin: true }))), 200);
});

test('where nothing is public, the metrics are not either', async () => {
  const server = await serveFiles(FILES, { publicAccess: 'none' });
  assert.is((await server.ask('/metrics')).status, 401);
  await server.close();
});

test('the token opens the metrics and nothing else', async ({ server }) => {
  const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
  for (const path of ['/health', '/api/v1/feature-flags', '/api/admin/me']) {
    assert.is((await server.ask(path, { headers })).status, 401, path);
  }
});

test('P18: no metric names a person', async ({ server }) => {
  const token = await tokenOf();
  const body = { context: { targetingKey: 'u-4711', email: 'marc@example.com' } };
  await server.ask('/ofrep/v1/evaluate/flags', { token, body });
  await server.ask('/api/v1/feature-flags', { token });
  const { text, headers } = await server.ask('/metrics');
  for (const person of ['u-4711', 'marc', 'example.com']) assert.not.match(text, person);
  assert.is(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
});

test.run();
