import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { validateAction } from '@action-validator/core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { temporaryFolder } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { ACTION, ACTION_TEXT, type Runner, runStep } from './action-steps.js';
import { committedRepository, DARK_MODE } from './run.js';

interface Context {
  runner: Runner;
}
const test = suite<Context>('action');

/** A package whose command is the one of these sources. */
function packageFolder(): string {
  const folder = temporaryFolder();
  const words = [process.execPath, ...LOADER, programOf('src/cli.ts')].map((word) => `'${word}'`);
  const manifest = { name: 'flagstaff', version: '0.0.0', bin: { flagstaff: 'run' } };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'run'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
  chmodSync(path.join(folder, 'run'), 0o755);
  return folder;
}

test.before(async (context) => {
  const repository = await committedRepository();
  const base = await repository.head();
  const text = readFileSync(path.join(repository.dir, DARK_MODE), 'utf8');
  await repository.commit({ [DARK_MODE]: text.replace('serve: off', 'serve: on') }, 'Dark mode for all');
  const temporary = path.join(temporaryFolder(), 'runner');
  mkdirSync(temporary);
  const values = {
    'inputs.package': packageFolder(),
    'inputs.base': base,
    'steps.base.outputs.commit': base,
  };
  context.runner = { workspace: repository.dir, temporary, values };
  const installed = await runStep('Install', context.runner);
  assert.is(installed.status, 0, installed.err);
});

test('the metadata is as GitHub wants it, and installs the version that it belongs to', () => {
  assert.equal(validateAction(ACTION_TEXT).errors, []);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  assert.is(ACTION.inputs.package?.default, `flagstaff@${version}`);
});

test('it validates and tests what was checked out', async ({ runner }) => {
  const validated = await runStep('Validate', runner);
  assert.equal(
    [validated.status, validated.out],
    [0, `5 files checked, with the change since ${runner.values['inputs.base']}: 0 errors, 0 warnings\n`],
    validated.err,
  );
  const tested = await runStep('Test', runner);
  assert.equal([tested.status, tested.out], [0, '2 passed, 0 failed\n'], tested.err);
});

test('a step that is too big is annotated beside all that is wrong, and the host is told to ask for an approver', async ({
  runner,
}) => {
  const share = (percentage: number): string =>
    `environments:\n  production:\n    enabled: true\n    rules: [{ id: some, percentage: ${percentage} }]\n    serve: off\n`;
  const canary = 'flags/acme/web-app/flags/canary.yaml';
  const repository = await committedRepository({
    '.flagstaff.yaml': 'policy: { ramp: { points: 20, environments: [production] } }\n',
    [canary]: share(5),
    'flags/acme/web-app/flags/old.yaml': 'environments: {}\nexpires: 2020-01-01\n',
  });
  const base = await repository.head();
  await repository.commit({ [canary]: share(90) }, 'For most');
  await repository.git('branch', 'change');
  await repository.git('reset', '--quiet', '--hard', base);
  const moved = await repository.commit({ 'README.md': 'Flags\n' }, 'Meanwhile');
  await repository.git('checkout', '--quiet', 'change');
  const began = { ...runner, workspace: repository.dir, values: { ...runner.values, 'inputs.base': moved } };
  const found = await runStep('Find where the change began', began);
  assert.equal([found.status, found.output], [0, `commit=${base}\n`], found.err);
  const at = (commit: string): Runner => ({
    ...began,
    values: { ...began.values, 'steps.base.outputs.commit': commit },
  });
  const { status, out } = await runStep('Validate', at(base));
  assert.is(status, 0, out);
  assert.match(out, `::warning file=${canary},line=4,`);
  assert.match(out, 'title=RAMP_TOO_STEEP');
  assert.match(out, 'title=EXPIRED');
  for (const [commit, needed] of [
    [base, true],
    ['HEAD', false],
    ['', false],
  ] as const) {
    const asked = await runStep('Ask who must approve', at(commit));
    assert.equal([asked.status, asked.output], [0, `needs-approval=${needed}\n`], asked.err);
  }
  assert.is((await runStep('Ask who must approve', at('nowhere'))).status, 1);
});

test('an error fails the step and is annotated; what was there before `since` is not told', async ({
  runner,
}) => {
  const file = path.join(runner.workspace, 'flags/acme/web-app/flags/broken.yaml');
  writeFileSync(file, 'environments: {}\nexpires: 2020-01-01\n');
  const strict = { ...runner.values, 'inputs.strict': 'true', 'inputs.since': 'HEAD' };
  const { status, out } = await runStep('Validate', { ...runner, values: strict });
  assert.is(status, 1);
  assert.match(out, '::warning file=flags/acme/web-app/flags/broken.yaml,line=2,col=10,title=EXPIRED::');
});

test('the summary says what the change does, in sentences and in people who move', async ({ runner }) => {
  const { status, err, summary, output } = await runStep('Say what the change does', runner);
  assert.is(status, 0, err);
  assert.match(summary, 'dark-mode');
  assert.match(summary, 'serve');
  assert.match(summary, /off → on/);
  assert.match(summary, 'Flagstaff-At: pull/12/head');
  const report = path.join(runner.temporary, 'flagstaff-report.md');
  assert.is(output, `file=${report}\n`);
  assert.match(readFileSync(report, 'utf8'), /off → on/);
});

/** The runner with this file of contexts, and without what steps before have written. */
function withContexts(runner: Runner, file: string): Runner {
  const temporary = path.join(temporaryFolder(), 'runner');
  cpSync(runner.temporary, temporary, { recursive: true, verbatimSymlinks: true });
  for (const name of ['summary', 'flagstaff-report.md']) rmSync(path.join(temporary, name), { force: true });
  return { ...runner, temporary, values: { ...runner.values, 'inputs.contexts': file } };
}

test('contexts of a file are counted, and none of them is shown: they may be people', async ({ runner }) => {
  const file = path.join(temporaryFolder(), 'contexts.jsonl');
  writeFileSync(file, '{"targetingKey":"somebody-123"}\n');
  const { status, err, summary } = await runStep('Say what the change does', withContexts(runner, file));
  assert.is(status, 0, err);
  assert.match(summary, /1 of 1/);
  assert.not.match(summary, 'somebody');
});

test('contexts that are not there fail the step, and what the change does is told all the same', async ({
  runner,
}) => {
  const fresh = withContexts(runner, 'nowhere.jsonl');
  const { temporary } = fresh;
  const { status, err, summary, output } = await runStep('Say what the change does', fresh);
  assert.is.not(status, 0);
  assert.match(err, 'nowhere.jsonl');
  assert.match(summary, 'dark-mode');
  assert.is(output, `file=${path.join(temporary, 'flagstaff-report.md')}\n`);
});

test.run();
