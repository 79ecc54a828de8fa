import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { validateWorkflow } from '@action-validator/core';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { gitEnvironment, temporaryFolder } from '../support/git.js';
import { run } from './run.js';

Object.assign(process.env, gitEnvironment());

function git(folder: string, ...words: readonly string[]): string {
  return execFileSync('git', words, { cwd: folder, encoding: 'utf8' }).trim();
}

test('init makes a repository with one commit by the user and nothing left over', async () => {
  const folder = temporaryFolder();
  const { code, out } = await run(['init', 'demo'], { cwd: folder });
  const demo = path.join(folder, 'demo');
  assert.is(code, 0);
  assert.match(out, 'wrote flags/acme/web-app/flags/new-checkout.yaml');
  assert.match(out, 'next: flagstaff serve --repo demo');
  assert.is(git(demo, 'log', '--format=%an <%ae> %s'), 'Marc <marc@example.com> Add feature flags');
  assert.is(git(demo, 'symbolic-ref', 'HEAD'), 'refs/heads/main');
  assert.is(git(demo, 'status', '--porcelain'), '');
});

test('the new repository is valid without a warning, its tests pass, and its flag answers', async () => {
  const folder = temporaryFolder();
  await run(['init', '--org', 'globex', '--project', 'shop'], { cwd: folder });
  const strict = await run(['validate', '--strict'], { cwd: folder });
  assert.equal(strict, { code: 0, out: '6 files checked: 0 errors, 0 warnings', err: '' });
  const tested = await run(['test'], { cwd: folder });
  assert.equal(tested, { code: 0, out: '2 passed, 0 failed', err: '' });
  const listed = await run(['list'], { cwd: folder });
  assert.is(listed.out, 'globex/shop  new-checkout  boolean  development=on production=on');
});

test('editors get a schema for every kind of file, and each schema is there', async () => {
  const folder = temporaryFolder();
  await run(['init'], { cwd: folder });
  const settings = JSON.parse(readFileSync(path.join(folder, '.vscode/settings.json'), 'utf8'));
  const named = Object.keys(settings['yaml.schemas']).sort();
  assert.equal(
    named,
    readdirSync(path.join(folder, 'schemas'))
      .map((name) => `schemas/${name}`)
      .sort(),
  );
});

test('the workflow judges pull requests by the action that is written beside it', async () => {
  const folder = temporaryFolder();
  await run(['init'], { cwd: folder });
  const workflow = readFileSync(path.join(folder, '.github/workflows/flags.yml'), 'utf8');
  assert.equal(validateWorkflow(workflow).errors, []);
  assert.match(workflow, 'uses: ./.github/actions/flagstaff\n');
  const { check, approve } = parse(workflow).jobs;
  assert.match(check.outputs['needs-approval'], ' steps.flags.outputs.needs-approval ');
  assert.is(check.steps.at(-1).id, 'flags');
  assert.match(approve.if, "needs.check.outputs.needs-approval == 'true'");
  assert.equal([approve.needs, approve.environment], ['check', 'flags-approval']);
  assert.match(workflow, /package: flagstaff@\d+\.\d+\.\d+\n/);
  for (const file of [
    'actions/flagstaff/action.yml',
    'actions/flagstaff/comment.mjs',
    'flagstaff-matcher.json',
  ]) {
    const written = readFileSync(path.join(folder, '.github', file), 'utf8');
    assert.is(written, readFileSync(path.join('.github', file), 'utf8'));
  }
});

test('in a git repository that is there, init adds files, overwrites none and leaves the commit to the user', async () => {
  const folder = temporaryFolder();
  git(folder, 'init', '--quiet');
  writeFileSync(path.join(folder, 'README.md'), 'mine\n');
  const { code, out } = await run(['init'], { cwd: folder });
  assert.is(code, 0);
  assert.match(out, 'commit these files first');
  assert.is(readFileSync(path.join(folder, 'README.md'), 'utf8'), 'mine\n');
  assert.is(git(folder, 'for-each-ref'), '');
  assert.is(git(folder, 'diff', '--cached', '--name-only'), '');
});

test('init refuses a folder that has flags already and writes nothing', async () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'flags'));
  const { code, err } = await run(['init'], { cwd: folder });
  assert.is(code, 1);
  assert.match(err, 'has flags already: nothing was written');
  assert.equal(readdirSync(folder), ['flags']);
});

test('a folder that is named twice is wrong use: none is made', async () => {
  const folder = temporaryFolder();
  const { code, err } = await run(['init', 'demo', '--repo', 'other'], { cwd: folder });
  assert.is(code, 2);
  assert.is(err, 'flagstaff: init: the folder is named twice, demo and --repo other');
  assert.equal(readdirSync(folder), []);
});

test('a key of an organization that is refused is told all that a key must be', async () => {
  for (const org of ['con', 'ACME', 'k'.repeat(101)]) {
    const { code, err } = await run(['init', '--org', org], { cwd: temporaryFolder() });
    assert.is(code, 2, org);
    for (const rule of ['lower-case words', 'at most 100 characters', 'device of Windows'])
      assert.match(err, rule);
  }
});

test('where git does not know the user, init says what to do and keeps the files', async () => {
  const folder = temporaryFolder();
  const known = { ...process.env };
  for (const name of Object.keys(known)) if (/AUTHOR|COMMITTER/.test(name)) delete process.env[name];
  Object.assign(process.env, {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.useConfigOnly',
    GIT_CONFIG_VALUE_0: 'true',
  });
  try {
    const { code, err } = await run(['init'], { cwd: folder });
    assert.is(code, 1);
    assert.match(err, 'git config --global user.email');
    assert.match(err, 'run `git commit` there, then `flagstaff serve`');
    assert.ok(existsSync(path.join(folder, 'flags/acme/org.yaml')));
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in known)) delete process.env[name];
    Object.assign(process.env, known);
  }
});

test.run();
