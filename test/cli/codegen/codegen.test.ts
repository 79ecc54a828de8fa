import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { accessorNames } from '../../../src/cli/codegen/accessor-names.js';
import { flagsRepository, run, writeFiles } from '../run.js';
import { FLAGS_OF_KINDS } from './flags.js';

const cwd = flagsRepository(FLAGS_OF_KINDS);

test('names are written as code writes them; those that would be alike stay keys', () => {
  const keys = ['new-checkout', 'SSO_login.page', 'a-b', 'a_b', 'aB', '2fa', 'x'];
  assert.equal(
    [...accessorNames(keys).values()],
    ['newCheckout', 'ssoLoginPage', 'a-b', 'a_b', 'aB', '2fa', 'x'],
  );
});

test('a description, an owner and a deprecation are what an editor shows', async () => {
  const { out } = await run(['codegen', '--lang', 'ts'], { cwd });
  const comment = `  /**
   * The colours *\\/ of the season
   * \\@see the designers
   *
   * The flag \`theme\`; owner: team-design; expires: 2027-03-01.
   * @deprecated The flag is going to be removed.
   */
  readonly theme: Flag<'theme'>;`;
  assert.ok(out.includes(comment));
  assert.match(out, /^\/\/ Made by `flagstaff codegen --lang ts --sdk server` from acme\/web-app\. /);
});

test("--lang json is the manifest of OpenFeature's own command line", async () => {
  const { out, err } = await run(['codegen', '--lang', 'json'], { cwd });
  const { $schema, flags } = JSON.parse(out);
  assert.match($schema, /^https:\/\/.*\/open-feature\/cli\/.*\/flag-manifest\.json$/);
  assert.equal(flags['dark-mode'], { flagType: 'boolean', defaultValue: false, description: 'Dark theme' });
  assert.equal(flags['search.page_size'], { flagType: 'integer', defaultValue: 10 });
  assert.equal(flags.region, { flagType: 'string', defaultValue: '' });
  assert.is(flags['upload-limits'].schema, undefined, 'one of two kinds is beyond what its schema says');
  assert.match(err, /^region has no off variant/);
});

test('a manifest tells the shape of objects where its schema can', async () => {
  const plain = flagsRepository({
    'flags/acme/web-app/flags/limits.yaml': `type: object
variants: { off: { max: 1, kinds: [a], deep: { on: true } }, on: { max: 2.5, kinds: [], deep: { on: false }, note: x } }
environments: {}
`,
  });
  const { out } = await run(['codegen', '--lang', 'json'], { cwd: plain });
  assert.equal(JSON.parse(out).flags.limits, {
    flagType: 'object',
    defaultValue: { max: 1, kinds: ['a'], deep: { on: true } },
    schema: {
      type: 'object',
      properties: {
        max: { type: 'number' },
        kinds: { type: 'array', items: { type: 'string' } },
        deep: { type: 'object', properties: { on: { type: 'boolean' } }, required: ['on'] },
        note: { type: 'string' },
      },
      required: ['max', 'kinds', 'deep'],
    },
  });
});

test('--out writes the file, and leaves one alone that is the same; --check tells which it is', async () => {
  const folder = flagsRepository();
  const words = ['codegen', '--lang', 'ts', '--out', 'code/flags.ts'];
  const file = path.join(folder, 'code/flags.ts');
  const missing = await run([...words, '--check'], { cwd: folder });
  assert.is(missing.code, 1);
  assert.match(missing.err, /^code\/flags\.ts is not there/);
  assert.is((await run(words, { cwd: folder })).out, 'code/flags.ts: written, 1 flag');
  utimesSync(file, 1, 1);
  assert.is((await run(words, { cwd: folder })).out, 'code/flags.ts: up to date, 1 flag');
  assert.is(statSync(file).mtimeMs, 1_000);
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  assert.is((await run([...words, '--check'], { cwd: folder })).code, 0);
  writeFiles(folder, { 'flags/acme/web-app/flags/new-flag.yaml': 'environments: {}\n' });
  const { code, err } = await run([...words, '--check'], { cwd: folder });
  assert.is(code, 1);
  assert.match(err, /^code\/flags\.ts is not what the flags say now/);
});

test('flags that are broken are named, and nothing is made of the rest', async () => {
  const broken = flagsRepository({ 'flags/acme/web-app/flags/new-flag.yaml': 'environments: 3\n' });
  const { code, out, err } = await run(['codegen', '--lang', 'ts'], { cwd: broken });
  assert.is(code, 1);
  assert.is(out, '');
  assert.match(err, /new-flag\.yaml:1:\d+: error WRONG_TYPE/);
  assert.match(err, /1 error in acme\/web-app: nothing was made$/);
});

test('wrong use says how to use it', async () => {
  assert.is((await run(['codegen'], { cwd })).code, 2);
  assert.is((await run(['codegen', '--lang', 'cobol'], { cwd })).code, 2);
  assert.is((await run(['codegen', '--lang', 'ts', '--project', 'nope'], { cwd })).code, 2);
  const { code, err } = await run(['codegen', '--lang', 'ts', '--check'], { cwd });
  assert.is(code, 2);
  assert.match(err, /name it with --out/);
});

test('--out takes a file, or - for standard output; a folder is wrong use, in a sentence', async () => {
  const printed = await run(['codegen', '--lang', 'ts', '--out', '-'], { cwd });
  assert.equal(printed, await run(['codegen', '--lang', 'ts'], { cwd }));
  const { code, out, err } = await run(['codegen', '--lang', 'ts', '--out', 'flags'], { cwd });
  assert.equal([code, out, err], [2, '', 'flagstaff: --out flags is a folder: name a file in it']);
  for (const words of [['--check'], ['--json']])
    assert.is((await run(['codegen', '--lang', 'ts', '--out', '-', ...words], { cwd })).code, 2);
});

test('--sdk web says it where no flag is for browsers', async () => {
  const { code, err } = await run(['codegen', '--lang', 'ts', '--sdk', 'web'], { cwd: flagsRepository() });
  assert.is(code, 0);
  assert.match(err, 'no flag has `client: true`');
  assert.is((await run(['codegen', '--lang', 'ts'], { cwd: flagsRepository() })).err, '');
});

test.run();
