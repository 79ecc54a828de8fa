import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId, numericId } from '../../../src/model/ids.js';
import type { JsonValue } from '../../../src/model/values.js';
import { PROJECT } from './sample.js';
import {
  codeOf,
  FLAG_PATH,
  fileOf,
  objectOf,
  rulesFileWith,
  type Serving,
  sentenceOf,
  serving,
} from './serving.js';

const test = suite<Serving>('flags');

test.before.each(async (context) => {
  Object.assign(context, await serving());
});
test.after.each(({ server }) => server.close());

const FLAGS = `${PROJECT}/flags`;
const THEME = 'flags/acme/web-app/flags/theme.yaml';

function numberOf(prefix: 'prj' | 'env' | 'flg', ...names: readonly string[]): number {
  return numericId(derivedId(prefix, 'acme', 'web-app', ...names));
}

function keysOf(body: unknown): readonly string[] {
  return (body as readonly { readonly key: string }[]).map(({ key }) => key);
}

test('GET shows a flag with its variants and its switches, by number as by key (004)', async ({
  server,
  lee,
}) => {
  const { status, body, headers } = await server.ask(`${FLAGS}/${numberOf('flg', 'theme')}`, { token: lee });
  assert.is(status, 200);
  const { createdAt, updatedAt, ...shown } = objectOf({ body } as never);
  assert.equal(shown, {
    id: numberOf('flg', 'theme'),
    key: 'theme',
    name: 'theme',
    description: '',
    type: 'string',
    status: 'development',
    owner: '',
    tags: [],
    client: false,
    expires: null,
    metadata: {},
    salt: null,
    bucketBy: null,
    variants: [
      { key: 'plain', value: 'white' },
      { key: 'dark', value: 'black' },
    ],
    offVariant: 'plain',
    projectId: numberOf('prj'),
    environments: [
      { id: numberOf('env', 'development'), key: 'development', enabled: false, killed: false },
      { id: numberOf('env', 'production'), key: 'production', enabled: true, killed: false },
    ],
  });
  assert.match(String(createdAt), /^\d{4}-/);
  assert.is(updatedAt, createdAt);
  const { headers: byKey } = await server.ask(`${FLAGS}/theme`, { token: lee });
  assert.is(byKey.etag, headers.etag);
});

test('GET lists the flags of a project as a bare array that filters narrow', async ({
  server,
  lee,
  marc,
}) => {
  const list = async (query: string) => keysOf((await server.ask(`${FLAGS}${query}`, { token: lee })).body);
  const body = { tags: ['web'], owner: 'team-web', status: 'active' };
  await server.ask(`${FLAGS}/layout`, { token: marc, method: 'PUT', body });
  assert.equal(await list(''), ['layout', 'new-checkout', 'theme']);
  assert.equal(await list('?q=REDESIGNED'), ['new-checkout']);
  assert.equal(await list('?tag=web'), ['layout']);
  assert.equal(await list('?owner=team-web&status=active'), ['layout']);
  assert.equal(await list('?type=string'), ['theme']);
  assert.equal(await list('?limit=1&offset=1'), ['new-checkout']);
  for (const query of ['?type=text', '?status=new', '?limit=0', '?page=1']) {
    assert.is((await server.ask(`${FLAGS}${query}`, { token: lee })).status, 400, query);
  }
});

test('PUT changes the given fields alone, and null removes', async ({ server, marc }) => {
  const path = `${FLAGS}/new-checkout`;
  const body = { description: 'Another page', owner: 'team-web', expires: '2027-03-01' };
  const { status, body: shown, headers } = await server.ask(path, { token: marc, method: 'PUT', body });
  assert.is(status, 200);
  assert.is(objectOf({ body: shown } as never).expires, '2027-03-01');
  assert.ok(fileOf(server).startsWith('description: Another page\n'));
  assert.ok(fileOf(server).includes('# Legal said yes to these on the 3rd.'));
  const old = await server.ask(path, {
    token: marc,
    method: 'PUT',
    body: { owner: null },
    headers: { 'If-Match': '"0123456789012345678901234567890123456789"' },
  });
  assert.is(old.status, 412);
  const away = await server.ask(path, {
    token: marc,
    method: 'PUT',
    body: { owner: null, expires: null, description: 'Redesigned checkout page' },
    headers: { 'If-Match': headers.etag ?? '' },
  });
  assert.is(away.status, 200);
  assert.is(fileOf(server), rulesFileWith());
});

test('PUT of what was read changes nothing, and of another key, number or switch is 400', async ({
  server,
  marc,
}) => {
  for (const key of ['new-checkout', 'theme', 'layout']) {
    const { body } = await server.ask(`${FLAGS}/${key}`, { token: marc });
    const { status, headers } = await server.ask(`${FLAGS}/${key}`, { token: marc, method: 'PUT', body });
    assert.is(status, 200);
    assert.is(headers['flagstaff-changed'], 'false');
  }
  for (const body of [{ key: 'other' }, { id: 1 }, { projectId: 1 }, { environments: [] }]) {
    const answer = await server.ask(`${FLAGS}/theme`, { token: marc, method: 'PUT', body });
    assert.is(answer.status, 400);
    assert.is(sentenceOf(answer), `${Object.keys(body)[0]}: cannot be changed`);
  }
});

test('PUT of a variant writes that one alone; one that an environment serves cannot go (422)', async ({
  server,
  marc,
}) => {
  const put = (variants: JsonValue) =>
    server.ask(`${FLAGS}/theme`, { token: marc, method: 'PUT', body: { variants } });
  const plain = { key: 'plain', value: 'white' };
  assert.is((await put([plain, { key: 'dark', value: 'grey' }])).status, 200);
  assert.ok(fileOf(server, THEME).includes('variants: { plain: white, dark: grey }\n'));
  const gone = await put([{ key: 'dark', value: 'grey' }]);
  assert.is(gone.status, 422);
  const { details } = objectOf(gone).error as { details: { problems: readonly { code: string }[] } };
  assert.equal([...new Set(details.problems.map(({ code }) => code))], ['UNKNOWN_VARIANT']);
  const type = await server.ask(`${FLAGS}/theme`, { token: marc, method: 'PUT', body: { type: 'number' } });
  assert.is(type.status, 422);
});

test('DELETE takes a flag away, and one that another needs is 409 with the list', async ({
  server,
  marc,
}) => {
  const needed = await server.ask(`${FLAGS}/layout`, { token: marc, method: 'DELETE' });
  assert.is(needed.status, 409);
  assert.is(codeOf(needed), 'FLAG_IN_USE');
  assert.ok(needed.text.includes('new-checkout'));
  const gone = await server.ask(`${FLAGS}/new-checkout`, { token: marc, method: 'DELETE' });
  assert.is(gone.status, 200);
  assert.equal(gone.body, { success: true });
  assert.throws(() => fileOf(server, FLAG_PATH), /ENOENT/);
  const after = await server.ask(`${FLAGS}/new-checkout`, { token: marc });
  assert.is(codeOf(after), 'FLAG_NOT_FOUND');
});

test('a flag whose file is broken is shown as it was good last, and its file is not written over', async ({
  server,
  marc,
}) => {
  await server.repository.commit({ [THEME]: 'type: [\n' });
  await server.running.ready;
  await server.ask('/api/v1/feature-flags/load/acme', { token: marc, method: 'POST' });
  const shown = await server.ask(`${FLAGS}/theme`, { token: marc });
  assert.is(objectOf(shown).type, 'string');
  const put = await server.ask(`${FLAGS}/theme`, { token: marc, method: 'PUT', body: { name: 'Theme' } });
  assert.is(put.status, 409);
  assert.is(codeOf(put), 'FILE_BROKEN');
  const gone = await server.ask(`${FLAGS}/theme`, { token: marc, method: 'DELETE' });
  assert.is(gone.status, 200);
});

test.run();
