import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsRepository, run } from './run.js';

const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const FAILING = `- name: a German sees it
  context: { targetingKey: u-1, country: DE }
  expect: { variant: on }
- name: everybody sees it
  context: { targetingKey: u-1 }
  expect: { variant: on, reason: STATIC }
`;

test('cases that pass are counted', async () => {
  const result = await run(['test', '--repo', flagsRepository()]);
  assert.equal(result, { code: 0, out: '2 passed, 0 failed', err: '' });
});

test('a case that fails prints its place, what was expected and what came, and ends with 1', async () => {
  const { code, out } = await run(['test'], { cwd: flagsRepository({ [TESTS]: FAILING }) });
  assert.is(code, 1);
  assert.equal(out.split('\n'), [
    `${TESTS}:4:3: acme/web-app/dark-mode: everybody sees it (production)`,
    '  variant: expected "on", got "off"',
    '  reason: expected "STATIC", got "DEFAULT"',
    '1 passed, 1 failed',
  ]);
});

test('what a case is called cannot forge a line, nor a command of a CI runner', async () => {
  const named = FAILING.replace('everybody sees it', '"evil\\n::error::stop\\r::error::stop"');
  const { out } = await run(['test'], { cwd: flagsRepository({ [TESTS]: named }) });
  assert.match(out, 'evil\\u000a::error::stop\\u000d::error::stop (production)\n');
  assert.not.match(out, /^::/m);
});

test('--format json holds every case', async () => {
  const { code, out } = await run(['test', '--format', 'json'], {
    cwd: flagsRepository({ [TESTS]: FAILING }),
  });
  assert.is(code, 1);
  const { passed, failed, cases } = JSON.parse(out);
  assert.equal([passed, failed, cases.length], [1, 1, 2]);
  assert.equal(cases[1].expected, { variant: 'on', reason: 'STATIC' });
  assert.is(cases[1].got.variant, 'off');
  assert.is(cases[1].line, 4);
});

test('--format github annotates the case', async () => {
  const { out } = await run(['test', '--format', 'github'], { cwd: flagsRepository({ [TESTS]: FAILING }) });
  assert.match(
    out,
    `::error file=${TESTS},line=4,col=3,title=acme/web-app/dark-mode in production::everybody sees it%0A`,
  );
});

test('a broken file fails the run: its cases cannot pass', async () => {
  const folder = flagsRepository({ 'flags/acme/web-app/flags/dark-mode.yaml': 'nonsense: 1\n' });
  const { code, err } = await run(['test'], { cwd: folder });
  assert.is(code, 1);
  assert.match(err, 'flags/acme/web-app/flags/dark-mode.yaml:');
});

test.run();
