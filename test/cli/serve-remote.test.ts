import { existsSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ServeOptions } from '../../src/cli/surroundings.js';
import { temporaryFolder } from '../support/git.js';
import { type RunResult, run } from './run.js';

const test = suite('flagstaff serve: the remote');
const URL = 'https://git.example.com/acme/flags.git';
const WITH_PASSWORD = 'https://marc:planted-password@git.example.com/acme/flags.git';

type Env = Readonly<Record<string, string>>;

/** What the server was started with, if it was. */
async function serve(
  words: readonly string[],
  env: Env = {},
): Promise<RunResult & { started: ServeOptions | undefined }> {
  let started: ServeOptions | undefined;
  const startServer = async (options: ServeOptions) => {
    started = options;
    return { url: '', ready: Promise.resolve(), reread: () => undefined, close: () => Promise.resolve() };
  };
  const result = await run(['serve', ...words], { cwd: temporaryFolder(), env, startServer });
  return { ...result, started };
}

test('a remote comes from the environment, or from options, which beat it', async () => {
  const env = { FLAGSTAFF_REMOTE: WITH_PASSWORD, FLAGSTAFF_POLL_MS: '1000', FLAGSTAFF_PUSH: 'async' };
  const fromEnvironment = await serve([], { ...env, FLAGSTAFF_DEPTH: '50' });
  assert.equal(fromEnvironment.started?.remote, {
    url: WITH_PASSWORD,
    pollMs: 1000,
    mode: 'async',
    depth: 50,
  });
  const words = ['--remote', URL, '--poll', '250', '--push', 'sync', '--depth', '1'];
  const fromWords = await serve(words, env);
  assert.equal(fromWords.started?.remote, { url: URL, pollMs: 250, mode: 'sync', depth: 1 });
  assert.is((await serve([])).started?.remote, undefined);
});

test('the folder of a clone need not be there yet; without a remote it must be', async () => {
  const missing = path.join(temporaryFolder(), 'clone');
  assert.is((await serve(['--remote', URL, '--repo', missing])).started?.repo, missing);
  assert.is(existsSync(missing), false);
  const { code, err } = await serve(['--repo', missing]);
  assert.is(code, 2);
  assert.match(err, 'there is no such folder');
});

const REFUSED: readonly (readonly [what: string, words: readonly string[], env: Env, err: RegExp])[] = [
  ['a password on the command line', ['--remote', WITH_PASSWORD], {}, /belong into FLAGSTAFF_REMOTE/],
  ['an address that is none', [], { FLAGSTAFF_REMOTE: 'ext::sh' }, /the address of the remote/],
  ['an interval without a remote', ['--poll', '1000'], {}, /name it in FLAGSTAFF_REMOTE/],
  ['a depth without a remote', [], { FLAGSTAFF_DEPTH: '1' }, /name it in FLAGSTAFF_REMOTE/],
  ['a commit of a remote', ['--remote', URL, '--ref', 'a'.repeat(40)], {}, /only its branches are shown/],
  ['a flood of questions', ['--remote', URL, '--poll', '99'], {}, /from 100/],
  ['an interval that is none', [], { FLAGSTAFF_REMOTE: URL, FLAGSTAFF_POLL_MS: '5s' }, /POLL_MS: "5s"/],
  ['an interval that no timer takes', ['--remote', URL, '--poll', '2147483648'], {}, /to 2147483647/],
  ['a depth of nothing', ['--remote', URL, '--depth', '0'], {}, /from 1/],
  [
    'another mode',
    [],
    { FLAGSTAFF_REMOTE: URL, FLAGSTAFF_PUSH: 'never' },
    /PUSH: "never" is not sync, async/,
  ],
  ['files without git', ['--remote', URL, '--worktree'], {}, /cannot follow a remote/],
];

for (const [what, words, env, wanted] of REFUSED) {
  test(`serve does not start with ${what}, and repeats no password`, async () => {
    const { code, err, started } = await serve(words, env);
    assert.is(code, 2);
    assert.match(err, wanted);
    assert.is(started, undefined);
    assert.not.match(err, 'planted-password');
  });
}

test('--ref only shows a revision, and goes with no branch, work tree or push', async () => {
  const repo = ['--repo', temporaryFolder()];
  const started = async (words: readonly string[], env: Env = {}) => {
    const result = await serve([...repo, '--remote', URL, ...words], env);
    return [result.started?.branch, result.started?.ref, result.code];
  };
  assert.equal(await started(['--ref', 'canary']), [undefined, 'canary', 0]);
  assert.equal(await started([], { FLAGSTAFF_REF: 'canary' }), [undefined, 'canary', 0]);
  assert.equal(await started(['--branch', 'main'], { FLAGSTAFF_REF: 'canary' }), ['main', undefined, 0]);
  assert.equal(await started(['--ref', 'canary'], { FLAGSTAFF_BRANCH: 'main' }), [undefined, 'canary', 0]);
  for (const words of [['--branch', 'main'], ['--worktree'], ['--push', 'sync']]) {
    assert.equal(await started(['--ref', 'canary', ...words]), [undefined, undefined, 2], words.join(' '));
  }
  const both = await serve([], { FLAGSTAFF_REF: 'canary', FLAGSTAFF_BRANCH: 'main' });
  assert.match(both.err, 'take one of them away');
});

test.run();
