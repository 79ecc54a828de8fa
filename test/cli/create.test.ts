import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsRepository, run } from './run.js';

const FILE = 'flags/acme/web-app/flags/new-checkout.yaml';

test('a new flag is off everywhere, prints its path alone, and is valid', async () => {
  const cwd = flagsRepository();
  const words = [
    'create',
    'new-checkout',
    '--description',
    'Redesigned checkout',
    '--owner',
    'team-payments',
  ];
  assert.equal(await run(words, { cwd }), { code: 0, out: FILE, err: '' });
  assert.is(
    readFileSync(path.join(cwd, FILE), 'utf8'),
    `description: Redesigned checkout
owner: team-payments
environments:
  development: { enabled: false }
  production: { enabled: false }
`,
  );
  assert.is((await run(['validate', '--strict'], { cwd })).code, 0);
});

test('--enable switches it on in an environment, --tag repeats', async () => {
  const cwd = flagsRepository();
  const { code } = await run(
    ['create', 'new-checkout', '--enable', 'development', '--tag', 'web', '--tag', 'checkout'],
    { cwd },
  );
  assert.is(code, 0);
  const text = readFileSync(path.join(cwd, FILE), 'utf8');
  assert.match(text, 'tags: [web, checkout]');
  assert.match(text, 'development: { enabled: true }');
});

test('each type of flag answers with its first variant', async () => {
  for (const [type, variants, value] of [
    ['string', ['blue=#00f', 'green=#0f0'], '#00f'],
    ['number', ['few=10', 'many=100'], 10],
    ['object', ['small={"rows":[1,2]}'], { rows: [1, 2] }],
  ] as const) {
    const cwd = flagsRepository();
    const named = variants.flatMap((variant) => ['--variant', variant]);
    const words = ['create', 'new-checkout', '--type', type, ...named, '--enable', 'production'];
    const created = await run(words, { cwd });
    assert.is(created.code, 0, created.err);
    const { out } = await run(['evaluate', 'new-checkout', '--json'], { cwd });
    assert.equal(JSON.parse(out).value, value);
  }
});

test('a flag that is there is refused and stays as it is', async () => {
  const cwd = flagsRepository({ [FILE]: '# mine\nenvironments: {}\n' });
  const { code, err } = await run(['create', 'new-checkout'], { cwd });
  assert.is(code, 1);
  assert.match(err, `${FILE} is there already`);
  assert.is(readFileSync(path.join(cwd, FILE), 'utf8'), '# mine\nenvironments: {}\n');
});

test('a flag that the judge refuses is not written: the same key in other case, a value of another type', async () => {
  const cwd = flagsRepository();
  const collision = await run(['create', 'Dark-Mode'], { cwd });
  assert.is(collision.code, 1);
  assert.match(collision.err, 'differs only in case');
  const wrong = await run(['create', 'size', '--type', 'number', '--variant', 'big="10"'], { cwd });
  assert.is(wrong.code, 1);
  assert.match(wrong.err, 'VARIANT_TYPE');
  for (const name of ['Dark-Mode', 'size'])
    assert.not(existsSync(path.join(cwd, `flags/acme/web-app/flags/${name}.yaml`)));
});

test('what cannot be a flag is wrong use, before any file is touched', async () => {
  const cwd = flagsRepository();
  for (const words of [
    ['../../../evil'],
    ['new checkout'],
    ['__proto__'],
    ['size', '--type', 'date'],
    ['size', '--type', 'number'],
    ['size', '--type', 'number', '--variant', 'big'],
    ['size', '--type', 'number', '--variant', 'big=ten'],
    ['size', '--type', 'number', '--variant', 'big=1', '--variant', 'big=2'],
    ['size', '--enable', 'nowhere'],
    ['size', '--org', 'nobody'],
  ]) {
    const { code, out } = await run(['create', ...words], { cwd });
    assert.is(code, 2, words.join(' '));
    assert.is(out, '');
  }
});

test('a variant that is given twice is named: none is dropped', async () => {
  const words = ['create', 'theme', '--type', 'string', '--variant', 'a=x', '--variant', 'a=y'];
  const { err } = await run(words, { cwd: flagsRepository() });
  assert.is(err, 'flagstaff: --variant: a is given twice');
});

test('a key that is refused is told all that a key must be', async () => {
  for (const key of ['con', 'nul.txt', '123', 'constructor', 'k'.repeat(101)]) {
    const { code, err } = await run(['create', key], { cwd: flagsRepository() });
    assert.is(code, 2, key);
    for (const rule of ['a letter among them', 'at most 100 characters', 'device of Windows', 'constructor'])
      assert.match(err, rule);
  }
});

test.run();
