import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from './run.js';

/** Commands whose help does not offer `--json`, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  serve: 'it prints one line and then logs: --log-format json',
  mcp: 'it speaks a protocol of JSON',
  completion: 'it prints what a shell reads',
  help: 'it prints text for people',
};

/** Every command that the help shows. */
const COMMANDS = await commandsOfHelp();

async function commandsOfHelp(): Promise<readonly string[]> {
  const { out } = await run(['--help']);
  const list = out.slice(out.indexOf('\nCommands:'));
  return [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name ?? '');
}

test('--help names every command and ends with 0', async () => {
  const { code } = await run(['--help']);
  assert.is(code, 0);
  assert.ok(COMMANDS.length >= 28, COMMANDS.join());
  assert.is(new Set(COMMANDS).size, COMMANDS.length);
  for (const name of ['init', 'serve', 'validate', 'impact', 'import', 'stale', 'mcp', 'doctor', 'help'])
    assert.ok(COMMANDS.includes(name), name);
});

for (const command of COMMANDS.filter((name) => name !== 'help')) {
  test(`${command} --help shows examples that begin with the command, --repo, and --json where it tells programs something`, async () => {
    const { code, out } = await run([command, '--help']);
    assert.is(code, 0);
    assert.match(out, `Examples:\n  $ flagstaff ${command}`);
    if (command !== 'completion') assert.match(out, '--repo <dir>');
    assert.is(/^ {2}--json\b/m.test(out), WITHOUT_JSON[command] === undefined, WITHOUT_JSON[command]);
  });
}

test('serve says in its help how it prints JSON', async () => {
  const { out } = await run(['serve', '--help']);
  assert.match(out, /--log-format <format>\s+[^-]*\bjson\b/);
});

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
    ['completion', 'csh'],
    ['completion'],
    ['dev', '--no-serve', '--port', '1'],
  ]) {
    const { code, err } = await run(words);
    assert.is(code, 2, words.join(' '));
    assert.not.match(err, 'command-argument');
    assert.match(err, `(see: flagstaff ${words[0]} --help)`);
  }
});

test('what a command cannot be given is named in plain words', async () => {
  assert.is(
    (await run(['completion', 'csh'])).err,
    "error: argument 'shell' cannot be 'csh'. Allowed choices are bash, zsh, fish.\n(see: flagstaff completion --help)",
  );
  const { err } = await run(['dev', '--no-serve', '--port', '1']);
  assert.match(err, "option '--port <number>' cannot be used with option '--no-serve'");
});

test('a folder that is not there, or has no flags, is wrong use and says so in a line', async () => {
  const gone = await run(['validate', '--repo', '/no/such/folder']);
  assert.equal(gone, { code: 2, out: '', err: 'flagstaff: /no/such/folder: there is no such folder' });
  const empty = await run(['list', '--repo', '/']);
  assert.is(empty.code, 2);
  assert.match(empty.err, 'or make one with `flagstaff init`');
});

test.run();
