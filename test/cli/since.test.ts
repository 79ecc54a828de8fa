import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { gitEnvironment, repositoryAt, temporaryFolder } from '../support/git.js';
import { committedRepository, DARK_MODE, flagsRepository, run } from './run.js';

const FLAGS = 'flags/acme/web-app/flags';
const OLD = `${FLAGS}/old.yaml`;
const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const EXPIRED = 'environments: {}\nexpires: 2020-01-01\n';

test('validate --since tells what the work tree adds, committed or not, and not what was there', async () => {
  const repository = await committedRepository({ [OLD]: EXPIRED });
  await repository.commit({ [`${FLAGS}/new.yaml`]: EXPIRED }, 'another one');
  repository.write({
    [`${FLAGS}/draft.yaml`]: 'environments: {}\nnonsense: 1\n',
    [OLD]: `# moved\n${EXPIRED}`,
  });
  const { code, out } = await run(['validate', '--since', 'HEAD~1'], { cwd: repository.dir });
  assert.is(code, 1);
  const told = out.split('\n').map((line) => line.split(': ').slice(0, 2).join(': '));
  assert.equal(told.slice(0, 2), [
    `${FLAGS}/draft.yaml:2:1: error UNKNOWN_FIELD`,
    `${FLAGS}/new.yaml:2:10: warning EXPIRED`,
  ]);
  assert.match(
    out.split('\n').at(-1) ?? '',
    /files checked for what is new since HEAD~1: 1 error, 1 warning$/,
  );
  const since = JSON.parse(
    (await run(['validate', '--since', 'HEAD~1', '--json'], { cwd: repository.dir })).out,
  );
  assert.equal([since.since, since.errors, since.warnings], ['HEAD~1', 1, 1]);
});

test('a level that the change raises is told of what was a warning: the merge would turn red', async () => {
  const repository = await committedRepository({ [OLD]: EXPIRED });
  repository.write({ '.flagstaff.yaml': 'checks: { EXPIRED: error }\n' });
  const { code, out } = await run(['validate', '--since', 'HEAD'], { cwd: repository.dir });
  assert.is(code, 1);
  assert.match(out, `${OLD}:2:10: error EXPIRED: `);
  await repository.commit({ '.flagstaff.yaml': 'checks: { EXPIRED: error }\n' }, 'stricter');
  repository.write({ '.flagstaff.yaml': 'checks: { EXPIRED: warning }\n' });
  assert.is((await run(['validate', '--since', 'HEAD', '--strict'], { cwd: repository.dir })).code, 0);
});

test('a file that breaks those who name it is told in theirs', async () => {
  const repository = await committedRepository({
    'flags/acme/web-app/segments/staff.yaml': 'include: { users: [u-1] }\n',
    [`${FLAGS}/inner.yaml`]: 'environments:\n  production: { enabled: true, segments: [staff] }\n',
  });
  repository.write({ 'flags/acme/web-app/segments/staff.yaml': null });
  const { code, out } = await run(['validate', '--since', 'HEAD'], { cwd: repository.dir });
  assert.is(code, 1);
  assert.match(out, `${FLAGS}/inner.yaml:2:43: error UNKNOWN_SEGMENT: `);
});

test('test --since runs the cases of flags that may answer otherwise, and leaves out what failed before', async () => {
  const failing = '- { name: never so, context: { targetingKey: u-1 }, expect: { variant: on } }\n';
  const repository = await committedRepository({
    [`${FLAGS}/other.yaml`]: 'environments:\n  production: { enabled: true }\n',
    'flags/acme/web-app/tests/other.yaml': '- { name: on, expect: { variant: on } }\n',
    [TESTS]: failing,
  });
  const idle = await run(['test', '--since', 'HEAD'], { cwd: repository.dir });
  assert.equal([idle.code, idle.out], [0, '0 passed, 0 failed since HEAD']);
  repository.write({ 'flags/acme/web-app/overrides/dark-mode.yaml': '- { users: [u-8] }\n' });
  const known = await run(['test', '--since', 'HEAD'], { cwd: repository.dir });
  assert.equal([known.code, known.out], [0, '0 passed, 0 failed, 1 failed already since HEAD']);
  repository.write({
    [`${FLAGS}/other.yaml`]: 'environments:\n  production: { enabled: true, serve: off }\n',
  });
  const broken = await run(['test', '--since', 'HEAD'], { cwd: repository.dir });
  assert.is(broken.code, 1);
  assert.match(
    broken.out,
    /acme\/web-app\/other: on \(production\)\n {2}variant: expected "on", got "off"\n/,
  );
});

test('a change of a salt is told where there is something to compare with', async () => {
  const split = 'environments:\n  production: { enabled: true, serve: { on: 1, off: 1 } }\n';
  const repository = await committedRepository({ [OLD]: split });
  repository.write({ [OLD]: `salt: another\n${split}` });
  const { out } = await run(['validate', '--since', 'HEAD'], { cwd: repository.dir });
  assert.match(out, `${OLD}:1:`);
  assert.match(out, 'warning REBUCKETED: ');
});

test('a shallow clone says what would have brought the revision', async () => {
  const origin = await committedRepository();
  const base = await origin.head();
  await origin.commit({ [OLD]: EXPIRED }, 'second');
  const clone = path.join(temporaryFolder(), 'clone');
  const words = ['clone', '--quiet', '--depth=1', `file://${origin.dir}`, clone];
  execFileSync('git', words, { env: { ...process.env, ...gitEnvironment() } });
  for (const command of ['validate', 'test']) {
    const { code, err } = await run([command, '--since', base], { cwd: clone });
    assert.is(code, 2);
    assert.match(err, 'fetch-depth: 0');
    assert.match(err, 'git fetch --unshallow');
    const old = await run([command, '--since', 'HEAD~1'], { cwd: clone });
    assert.equal([old.code, old.err.split('--unshallow').length], [2, 2], old.err);
  }
});

test('before the first commit everything is new since HEAD, so that hooks let that commit through', async () => {
  const repository = repositoryAt(flagsRepository({ [OLD]: EXPIRED }));
  await repository.git('init', '--quiet', '--initial-branch=main');
  const cwd = repository.dir;
  const tested = await run(['test', '--since', 'HEAD'], { cwd });
  assert.equal([tested.code, tested.out], [0, '2 passed, 0 failed since HEAD']);
  for (const { entry } of parse(readFileSync('.pre-commit-hooks.yaml', 'utf8'))) {
    const [, ...words] = entry.split(' ');
    assert.is((await run(words, { cwd })).code, 0);
  }
  const based = await run(['validate', '--base', 'HEAD'], { cwd });
  const whole = await run(['validate'], { cwd });
  assert.equal([based.code, based.out.split('\n')[0]], [0, whole.out.split('\n')[0]]);
  assert.is((await run(['test', '--since', 'main'], { cwd })).code, 2);
});

test('validate --base tells all that is wrong with the files, and with the change once', async () => {
  const share = (percentage: number): string =>
    `environments:\n  production:\n    enabled: true\n    rules:\n      - { id: some, percentage: ${percentage} }\n    serve: off\n`;
  const canary = `${FLAGS}/canary.yaml`;
  const repository = await committedRepository({
    '.flagstaff.yaml': 'policy: { ramp: { points: 20, environments: [production] } }\n',
    [OLD]: EXPIRED,
    [canary]: share(5),
  });
  await repository.commit({ [canary]: share(90), [`${FLAGS}/new.yaml`]: EXPIRED }, 'ramp');
  const cwd = repository.dir;
  const { code, out } = await run(['validate', '--base', 'HEAD~1'], { cwd });
  const told = out.split('\n').map((line) => line.split(': ')[1]);
  assert.equal(
    [code, told.slice(0, -1)],
    [0, ['warning RAMP_TOO_STEEP', 'warning EXPIRED', 'warning EXPIRED']],
  );
  assert.match(out, / files checked, with the change since HEAD~1: 0 errors, 3 warnings$/);
  const dataOf = async (...words: readonly string[]) =>
    JSON.parse((await run(['validate', '--json', ...words], { cwd })).out);
  const big = await dataOf('--base', 'HEAD~1');
  assert.equal([big.base, big.needsApproval, big.warnings], ['HEAD~1', true, 3]);
  assert.is((await dataOf('--since', 'HEAD~1')).needsApproval, true);
  assert.is((await dataOf('--base', 'HEAD')).needsApproval, false);
  assert.is((await dataOf()).needsApproval, undefined);
  assert.is((await run(['validate', '--since', 'HEAD', '--base', 'HEAD'], { cwd })).code, 2);
});

test('--since without git, of an unknown revision, or beside --fix is told, with 2', async () => {
  const { dir } = await committedRepository();
  const unknown = await run(['validate', '--since', 'nowhere'], { cwd: dir });
  assert.is(unknown.code, 2);
  assert.match(unknown.err, 'nowhere');
  assert.not.match(unknown.err, 'shallow');
  assert.is((await run(['validate', '--since', 'HEAD', '--fix'], { cwd: dir })).code, 2);
  const plain = temporaryFolder();
  writeFileSync(path.join(plain, '.flagstaff.yaml'), '{}\n');
  assert.is((await run(['validate', '--since', 'HEAD', '--repo', plain], { cwd: plain })).code, 2);
});

test('a change of the settings judges everything anew', async () => {
  const repository = await committedRepository({ [OLD]: EXPIRED });
  repository.write({ '.flagstaff.yaml': 'checks: { UNTESTED: warning }\n' });
  const { out } = await run(['validate', '--since', 'HEAD'], { cwd: repository.dir });
  assert.match(out, `${DARK_MODE}:`);
  assert.match(out, 'warning UNTESTED: ');
});

test.run();
