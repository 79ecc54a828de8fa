import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsRepository, run, writeFiles } from './run.js';

const cwd = flagsRepository();

function evaluate(...words: readonly string[]) {
  return run(['evaluate', 'dark-mode', ...words], { cwd });
}

test('the answer for people: variant, value, reason and what decided', async () => {
  const { code, out } = await evaluate('--context', '{"targetingKey":"u-1","country":"DE"}');
  assert.is(code, 0);
  assert.equal(
    out.split('\n').map((line) => line.split(/ +/)),
    [
      ['variant', 'on'],
      ['value', 'true'],
      ['reason', 'TARGETING_MATCH'],
      ['rule', 'germans'],
    ],
  );
});

test('--json is the evaluation itself', async () => {
  const { out } = await evaluate('--json', '--environment', 'production');
  const { metadata: _, ...evaluation } = JSON.parse(out);
  assert.equal(evaluation, {
    kind: 'value',
    flagKey: 'dark-mode',
    variant: 'off',
    value: false,
    reason: 'DEFAULT',
  });
});

test('the environment is the default one, else the one named', async () => {
  assert.match((await evaluate()).out, /variant +off/);
  assert.match((await evaluate('--environment', 'development')).out, /variant +on/);
});

test('the context may come from a file or from standard input', async () => {
  writeFiles(cwd, { 'caller.json': '{ "country": "DE" }\n' });
  assert.match((await evaluate('--context', '@caller.json')).out, /rule +germans/);
  const { out } = await run(['evaluate', 'dark-mode', '--context', '-'], { cwd, input: '{"userId":"u-7"}' });
  assert.match(out, /override +u-7/);
});

test('a context that is no object is wrong use', async () => {
  for (const context of ['[]', 'null', '7', '{', '', '"DE"']) {
    const { code, err } = await evaluate('--context', context);
    assert.is(code, 2, context);
    assert.match(err, '--context: wanted a JSON object, @file or -');
  }
});

test('a context file that cannot be read is wrong use, and says which and why', async () => {
  for (const [name, why] of [
    ['gone.json', 'no such file or directory'],
    ['flags', 'illegal operation on a directory'],
  ] as const) {
    const { code, err } = await evaluate('--context', `@${name}`);
    assert.is(code, 2);
    assert.is(err, `flagstaff: --context: cannot read ${path.join(cwd, name)}: ${why}`);
  }
});

test('a context may begin with a byte order mark', async () => {
  writeFiles(cwd, { 'marked.json': '\uFEFF{ "country": "DE" }\n' });
  assert.match((await evaluate('--context', '@marked.json')).out, /rule +germans/);
  const piped = await run(['evaluate', 'dark-mode', '--context', '-'], {
    cwd,
    input: '\uFEFF{"userId":"u-7"}',
  });
  assert.match(piped.out, /override +u-7/);
});

test('--explain shows the steps, with --json as data', async () => {
  const { out } = await evaluate('--explain', '--context', '{"country":"DE"}');
  assert.match(out, 'germans');
  const data = JSON.parse((await evaluate('--explain', '--json')).out);
  assert.is(data.flagKey, 'dark-mode');
  assert.ok(data.steps.length > 1);
});

test('--now moves the clock, so that an override ends with its last day', async () => {
  const folder = flagsRepository({
    'flags/acme/web-app/overrides/dark-mode.yaml': '- { users: [u-8], until: 2027-01-31 }\n',
  });
  const words = ['evaluate', 'dark-mode', '--context', '{"userId":"u-8"}', '--now'];
  assert.match((await run([...words, '2027-01-31T23:59:59Z'], { cwd: folder })).out, /variant +on/);
  assert.match((await run([...words, '2027-02-01T00:00:00Z'], { cwd: folder })).out, /variant +off/);
  assert.match((await run([...words, String(Date.UTC(2027, 1, 1))], { cwd: folder })).out, /variant +off/);
});

test('an unknown flag is wrong use, as for every command, and the nearest one is named the nearest one', async () => {
  const { code, err } = await run(['evaluate', 'dark-mod'], { cwd });
  assert.is(code, 2);
  assert.match(err, 'acme/web-app has no flag dark-mod (did you mean dark-mode?)');
});

test('an unknown organization, project or environment is wrong use and says what there is', async () => {
  for (const [option, sentence] of [
    ['--org', 'no organization is called nope: there is acme'],
    ['--project', 'no project of acme is called nope: there is web-app'],
    ['--environment', 'no environment of acme/web-app is called nope: there are development, production'],
  ] as const) {
    const { code, err } = await evaluate(option, 'nope');
    assert.is(code, 2);
    assert.is(err, `flagstaff: ${sentence}`);
  }
});

test.run();
