import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from './run.js';

const COMMANDS = [
  'init',
  'serve',
  'validate',
  'test',
  'evaluate',
  'list',
  'create',
  'kill',
  'unkill',
  'log',
  'blame',
  'diff',
  'revert',
  'token',
];

test('--help names every command and ends with 0', async () => {
  const { code, out } = await run(['--help']);
  assert.is(code, 0);
  for (const command of COMMANDS) assert.match(out, new RegExp(`^  ${command}\\b`, 'm'));
});

for (const command of COMMANDS) {
  test(`${command} --help shows --repo and examples that begin with the command`, async () => {
    const { code, out } = await run([command, '--help']);
    assert.is(code, 0);
    assert.match(out, '--repo <dir>');
    assert.match(out, `Examples:\n  $ flagstaff ${command}`);
  });
}

test('--version prints the version alone', async () => {
  const { code, out } = await run(['--version']);
  assert.is(code, 0);
  assert.match(out, /^\d+\.\d+\.\d+$/);
});

test('no command at all shows the few that matter, each of which is there', async () => {
  const { code, out, err } = await run([]);
  assert.equal([code, err], [0, '']);
  const shown = [...out.matchAll(/ flagstaff ([a-z]+) /g)].map(([, name]) => name ?? '');
  assert.ok(shown.length >= 8 && shown.length <= 12, out);
  for (const name of shown) assert.ok(name === 'command' || COMMANDS.includes(name), name);
  assert.match(out, 'flagstaff --help');
});

test('an unknown command is wrong use, with the nearest one', async () => {
  const { code, err } = await run(['valdate']);
  assert.is(code, 2);
  assert.match(err, "unknown command 'valdate'");
  assert.match(err, 'Did you mean validate?');
});

test('an unknown option is wrong use, with the nearest one and the way to the help', async () => {
  const { code, err } = await run(['validate', '--formt', 'json']);
  assert.is(code, 2);
  assert.match(err, "unknown option '--formt'");
  assert.match(err, 'Did you mean --format?');
  assert.match(err, '(see: flagstaff validate --help)');
});

test('a value that an option does not take is wrong use', async () => {
  for (const words of [
    ['validate', '--format', 'xml'],
    ['serve', '--port', '70000'],
    ['serve', '--public', 'all'],
    ['evaluate', 'dark-mode', '--now', 'soon'],
    ['init', 'demo', '--org', 'ACME'],
    ['evaluate'],
    ['list', 'too', 'many'],
  ]) {
    const { code, err } = await run(words);
    assert.is(code, 2, words.join(' '));
    assert.match(err, `(see: flagstaff ${words[0]} --help)`);
  }
});

test('a folder that is not there, or has no flags, is wrong use and says so in a line', async () => {
  const gone = await run(['validate', '--repo', '/no/such/folder']);
  assert.equal(gone, { code: 2, out: '', err: 'flagstaff: /no/such/folder: there is no such folder' });
  const empty = await run(['list', '--repo', '/']);
  assert.is(empty.code, 2);
  assert.match(empty.err, 'or make one with `flagstaff init`');
});

test.run();
