import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsRepository, run } from './run.js';

const cwd = flagsRepository({
  'flags/acme/web-app/flags/theme.yaml':
    'type: string\nvariants: { on: blue, off: grey }\nenvironments:\n  production: { enabled: true, killed: true }\n',
  'flags/globex/shop/project.yaml': 'environments: [live]\n',
  'flags/globex/shop/flags/sale.yaml': 'owner: team-shop\nenvironments: {}\n',
  'flags/globex/org.yaml': 'name: Globex\n',
});

test('every flag of every organization, with its switches', async () => {
  const { code, out } = await run(['list'], { cwd });
  assert.is(code, 0);
  assert.equal(
    out.split('\n').map((line) => line.split(/ {2,}/)),
    [
      ['acme/web-app', 'dark-mode', 'boolean', 'development=on production=on'],
      ['acme/web-app', 'theme', 'string', 'development=off production=killed'],
      ['globex/shop', 'sale', 'boolean', 'live=off'],
    ],
  );
});

test('only an organization, a project, an environment', async () => {
  assert.match((await run(['list', '--org', 'globex'], { cwd })).out, /^globex\/shop {2}sale/);
  const project = await run(['list', '--project', 'web-app', '--environment', 'production'], { cwd });
  assert.not.match(project.out, 'development');
  assert.is(project.out.split('\n').length, 2);
  const live = await run(['list', '--environment', 'live'], { cwd });
  assert.is(live.out, 'globex/shop  sale  boolean  live=off');
  const unknown = await run(['list', '--environment', 'nope'], { cwd });
  assert.equal(
    [unknown.code, unknown.err],
    [2, 'flagstaff: no environment is called nope: there are development, production, live'],
  );
});

test('--json gives the same as data', async () => {
  const rows = JSON.parse((await run(['list', '--org', 'globex', '--json'], { cwd })).out);
  assert.is(rows.length, 1);
  assert.match(rows[0].id, /^flg_[0-9A-Z]{16}$/);
  const { id: _, ...row } = rows[0];
  assert.equal(row, {
    org: 'globex',
    project: 'shop',
    key: 'sale',
    type: 'boolean',
    name: 'sale',
    description: '',
    owner: 'team-shop',
    status: 'development',
    tags: [],
    path: 'flags/globex/shop/flags/sale.yaml',
    environments: { live: 'off' },
  });
});

test.run();
