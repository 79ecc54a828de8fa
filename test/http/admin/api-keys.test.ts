import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newKey } from '../../../src/http/identity/new-key.js';
import { numericId } from '../../../src/model/ids.js';
import { ELSEWHERE } from '../../support/http.js';
import { until } from '../../support/until.js';
import { codeOf, fileOf, objectOf, type Serving, sentenceOf, serving } from './serving.js';

interface Context extends Serving {
  /** What the server's clock shows, in epoch milliseconds. */
  time: number;
}

const test = suite<Context>('API keys of the admin API');

const KEYS = '/api/admin/projects/web-app/environments/production/api-keys';
const FILE = 'flags/acme/web-app/keys.yaml';
const NOON = Date.UTC(2026, 2, 26, 12);
const SHOP = { name: 'Shop backend', kind: 'server' };

test.before.each(async (context) => {
  context.time = NOON;
  Object.assign(context, await serving({ now: () => context.time }));
});
test.after.each(({ server }) => server.close());

/** What a key opens: the evaluation of a flag, from elsewhere. */
async function statusWith({ server }: Context, key: unknown): Promise<number> {
  const headers = { ...ELSEWHERE, 'X-API-Key': String(key) };
  return (await server.ask('/ofrep/v1/evaluate/flags/layout', { body: {}, headers })).status;
}

async function create({ server, ana }: Context, body: object = SHOP) {
  const made = await server.ask(KEYS, { token: ana, body });
  assert.is(made.status, 201);
  const { key, ...shown } = objectOf(made);
  return { made, key: String(key), shown, one: `${KEYS}/${shown.id}` };
}

test('a new key is shown once, opens its environment at once, and leaves its hash in the file', async (context) => {
  const { server, lee } = context;
  const { made, key, shown, one } = await create(context);
  assert.equal(shown, {
    id: shown.id,
    ...SHOP,
    prefix: key.slice(0, 16),
    environmentId: shown.environmentId,
    createdBy: 'ana@example.com',
    createdAt: '2026-03-26T12:00:00Z',
    lastUsedAt: null,
    previous: null,
  });
  assert.is(made.headers['cache-control'], 'no-store');
  assert.is(made.headers.location, one);
  assert.is(await statusWith(context, key), 200);
  const file = fileOf(server, FILE);
  const id = /id: (key_[0-9A-Z]{16})/.exec(file)?.[1] ?? '';
  assert.is(numericId(id), shown.id);
  assert.match(file, '  createdBy: ana@example.com\n');
  for (const name of [shown.id, id]) {
    const read = await server.ask(`${KEYS}/${name}`, { token: lee });
    assert.equal([read.status, read.body], [200, { ...shown, lastUsedAt: '2026-03-26T12:00:00Z' }]);
  }
});

test('the list shows when each was used last, and those of this environment alone', async (context) => {
  const { server, marc, lee } = context;
  assert.equal((await server.ask(KEYS, { token: lee })).body, []);
  const { key, shown } = await create(context);
  await server.ask(KEYS.replace('production', 'development'), { token: marc, body: SHOP });
  const client = await create(context, { name: 'Web', kind: 'client' });
  context.time = NOON + 61_000;
  await statusWith(context, key);
  assert.equal((await server.ask(KEYS, { token: lee })).body, [
    { ...shown, lastUsedAt: '2026-03-26T12:01:01Z' },
    client.shown,
  ]);
  const elsewhere = KEYS.replace('production', 'development');
  const other = await server.ask(`${elsewhere}/${shown.id}`, { token: marc });
  assert.equal([other.status, codeOf(other)], [404, 'KEY_NOT_FOUND']);
});

test('a rotated key keeps its id, and its old value opens until the day is over', async (context) => {
  const { server, ana } = context;
  const { key, shown, one } = await create(context);
  const rotated = await server.ask(`${one}/rotate`, { method: 'POST', token: ana });
  const fresh = String(objectOf(rotated).key);
  assert.equal(
    [rotated.status, rotated.body],
    [
      200,
      {
        ...shown,
        prefix: fresh.slice(0, 16),
        previous: { prefix: shown.prefix, until: '2026-03-27T12:00:00Z' },
        key: fresh,
      },
    ],
  );
  assert.is(rotated.headers['cache-control'], 'no-store');
  assert.equal([await statusWith(context, key), await statusWith(context, fresh)], [200, 200]);
  context.time = Date.UTC(2026, 2, 27, 12) - 1;
  assert.equal([await statusWith(context, key), await statusWith(context, fresh)], [200, 200]);
  context.time += 1;
  assert.equal([await statusWith(context, key), await statusWith(context, fresh)], [401, 200]);
  assert.is(objectOf(await server.ask(one, { token: ana })).previous, null);
});

test('a grace is as long as somebody says; none ends the old value at once', async (context) => {
  const { server, ana } = context;
  const { key, one } = await create(context);
  const rotate = async (body: object) => server.ask(`${one}/rotate`, { token: ana, body });
  const first = objectOf(await rotate({ graceSeconds: 60 }));
  assert.equal(first.previous, { prefix: key.slice(0, 16), until: '2026-03-26T12:01:00Z' });
  const second = objectOf(await rotate({ graceSeconds: 60, reason: 'Lee has left' }));
  const opened = [key, first.key, second.key].map((each) => statusWith(context, each));
  assert.equal(await Promise.all(opened), [401, 200, 200]);
  const third = objectOf(await rotate({ graceSeconds: 0 }));
  assert.is(third.previous, null);
  assert.not.match(fileOf(server, FILE), 'previous');
  const left = [first.key, second.key, third.key].map((each) => statusWith(context, each));
  assert.equal(await Promise.all(left), [401, 401, 200]);
  for (const graceSeconds of [-1, 1.5, '60', null, 90 * 86_400 + 1]) {
    const refused = await rotate({ graceSeconds });
    assert.equal([refused.status, sentenceOf(refused).slice(0, 13)], [400, 'graceSeconds:']);
  }
  assert.is((await rotate({ graceSeconds: 90 * 86_400 })).status, 200);
});

test('a key that was written by hand without an id keeps the one that it was known by', async (context) => {
  const { server, marc } = context;
  const made = newKey('server');
  const lines = [
    ...['- name: by hand', '  environment: production', '  kind: server'],
    ...[`  hash: ${made.entry.hash}`, `  prefix: ${made.entry.prefix}`, ''],
  ];
  await server.repository.commit({ [FILE]: lines.join('\n') });
  await until(async () => (await statusWith(context, made.key)) === 200);
  const [before] = (await server.ask(KEYS, { token: marc })).body as readonly { id: number }[];
  const body = { graceSeconds: 0 };
  const rotated = await server.ask(`${KEYS}/${before?.id}/rotate`, { token: marc, body });
  assert.equal([rotated.status, objectOf(rotated).id], [200, before?.id]);
  assert.is(await statusWith(context, made.key), 401);
});

test('a key is renamed; its kind and its environment stay', async (context) => {
  const { server, ana } = context;
  const { key, shown, one } = await create(context);
  const put = async (body: object) => server.ask(one, { method: 'PUT', token: ana, body });
  const renamed = await put({ ...shown, name: 'Shop' });
  assert.equal([renamed.status, renamed.body], [200, { ...shown, name: 'Shop' }]);
  assert.is(await statusWith(context, key), 200);
  for (const [body, place] of [
    [{ kind: 'client' }, 'kind: cannot be changed'],
    [{ environmentId: 1 }, 'environmentId: cannot be changed'],
    [{ hash: 'f'.repeat(64) }, 'hash: no such field'],
    [{ name: '' }, 'name: wanted one line'],
  ] as const) {
    const refused = await put(body);
    assert.is(refused.status, 400);
    assert.match(sentenceOf(refused), place);
  }
});

test('a deleted key is refused at once, and the last one takes the file along', async (context) => {
  const { server, ana } = context;
  const { made, key, one } = await create(context);
  const second = await create(context, { name: 'Web', kind: 'client' });
  const stale = { 'If-Match': String(made.headers.etag) };
  assert.is((await server.ask(one, { method: 'DELETE', token: ana, headers: stale })).status, 412);
  const gone = await server.ask(one, { method: 'DELETE', token: ana });
  assert.equal([gone.status, gone.body], [200, { success: true }]);
  assert.is(await statusWith(context, key), 401);
  assert.is((await server.ask(one, { token: ana })).status, 404);
  await server.ask(second.one, { method: 'DELETE', token: ana });
  assert.is(await server.repository.git('ls-files', FILE), '');
});

test('members see keys and make none; what is wrong with a new one is told with its place', async ({
  server,
  ana,
  lee,
}) => {
  assert.is((await server.ask(KEYS, { token: lee, body: SHOP })).status, 403);
  const elsewhere = KEYS.replace('production', 'development');
  assert.is((await server.ask(elsewhere, { token: ana, body: SHOP })).status, 403);
  for (const [body, place] of [
    [{ kind: 'server' }, 'name: is missing'],
    [{ name: 'Shop' }, 'kind: is missing'],
    [{ name: 'Shop', kind: 'admin' }, 'kind: wanted server, client'],
    [{ ...SHOP, key: 'fs_server_mine' }, 'key: no such field'],
  ] as const) {
    const refused = await server.ask(KEYS, { token: ana, body });
    assert.is(refused.status, 400);
    assert.match(sentenceOf(refused), place);
  }
});

test('keys of a file that is broken in git go on to open, and are not written', async (context) => {
  const { server, ana, marc } = context;
  const { key, one } = await create(context);
  const commit = await server.repository.commit({ [FILE]: `${fileOf(server, FILE)}- 7\n` });
  await server.ask('/api/v1/feature-flags/load/acme', { method: 'POST', token: marc });
  assert.is(await statusWith(context, key), 200);
  assert.is((await server.ask(one, { token: ana })).status, 200);
  for (const [path, ask] of [
    [KEYS, { body: SHOP }],
    [one, { method: 'PUT', body: { name: 'Shop' } }],
    [one, { method: 'DELETE' }],
    [`${one}/rotate`, { method: 'POST' }],
  ] as const) {
    const refused = await server.ask(path, { ...ask, token: ana });
    assert.equal([refused.status, codeOf(refused)], [409, 'FILE_BROKEN']);
  }
  assert.is(await server.repository.head(), commit);
});

test('rotations at once leave one value and the one before it', async (context) => {
  const { server, ana } = context;
  const { key, one } = await create(context);
  const asked = Array.from({ length: 5 }, () => server.ask(`${one}/rotate`, { method: 'POST', token: ana }));
  const rotated = (await Promise.all(asked)).filter(({ status }) => status === 200);
  const keys = [key, ...rotated.map((answer) => String(objectOf(answer).key))];
  const statuses = await Promise.all(keys.map((each) => statusWith(context, each)));
  assert.is(statuses.filter((status) => status === 200).length, 2);
});

test('no value of a key is in git, in the log or in an answer but the first: 0 (P18)', async (context) => {
  const { server, ana } = context;
  const { key, one } = await create(context);
  const rotated = await server.ask(`${one}/rotate`, { method: 'POST', token: ana });
  const fresh = String(objectOf(rotated).key);
  const answers: string[] = [];
  for (const planted of [key, fresh, 'fs_server_planted0123456789']) {
    for (const path of [
      KEYS,
      one,
      `${KEYS}/${planted}`,
      `${KEYS}?${planted}=1`,
      `${KEYS}/${planted}/rotate`,
    ]) {
      for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
        if (path === one && method === 'DELETE') continue;
        const body = method === 'PUT' ? { body: { kind: planted } } : {};
        answers.push((await server.ask(path, { method, token: ana, ...body })).text);
      }
    }
  }
  answers.push((await server.ask('/api/admin/projects/web-app/audit-log', { token: context.lee })).text);
  const history = await server.repository.git('log', '--all', '--patch', '--format=raw');
  for (const planted of [key, fresh, 'fs_server_planted0123456789']) {
    for (const text of [...answers, history, server.log.join('\n')])
      assert.not.ok(text.includes(planted), text);
  }
  assert.ok(history.includes(key.slice(0, 16)));
});

test.run();
