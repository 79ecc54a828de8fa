import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { writeTogether } from '../../src/cli/import/write.js';
import { temporaryFolder } from '../support/git.js';
import { flagsRepository, type RunResult, run, writeFiles } from './run.js';

const PROJECT = 'flags/acme/web-app';
const FLAGS = `${PROJECT}/flags`;
const ON = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
const MINE = 'environments: { production: { enabled: false } }\n';

function repository(keys: readonly string[], more: Readonly<Record<string, string>> = {}): string {
  const flags = Object.fromEntries(keys.map((key) => [key, ON]));
  return flagsRepository({ 'source.json': JSON.stringify({ flags }), ...more });
}

function importFlags(cwd: string, ...words: readonly string[]): Promise<RunResult> {
  return run(['import', '--from', 'flagd', 'source.json', ...words], { cwd });
}

function textOf(cwd: string, name: string): string {
  return readFileSync(path.join(cwd, name), 'utf8');
}

test('a key that is none never names a folder outside (P14)', async () => {
  const cwd = repository(['a']);
  const before = readdirSync(cwd, { recursive: true }).length;
  for (const project of ['../../../away', '..', 'Web App', '/away']) {
    const { code, err } = await importFlags(cwd, '--org', 'new', '--project', project);
    assert.is(code, 2);
    assert.match(err, `${project} is no key of a project`);
  }
  assert.is(readdirSync(cwd, { recursive: true }).length, before);
  assert.not.ok(existsSync(path.join(cwd, '../away')));
});

test('a symlink in the way is never written through, with --force neither (P14)', async () => {
  const elsewhere = temporaryFolder();
  writeFiles(elsewhere, { 'there.yaml': 'mine\n' });
  for (const target of ['missing.yaml', 'there.yaml']) {
    const cwd = repository(['a']);
    mkdirSync(path.join(cwd, FLAGS), { recursive: true });
    symlinkSync(path.join(elsewhere, target), path.join(cwd, FLAGS, 'a.yaml'));
    for (const words of [[], ['--force']]) {
      const { code, err } = await importFlags(cwd, ...words);
      assert.is(code, 1);
      assert.match(err, `nothing was written: ${FLAGS}/a.yaml cannot be a file`);
    }
  }
  const linked = repository(['a']);
  symlinkSync(elsewhere, path.join(linked, 'flags/acme/other'));
  const { err } = await importFlags(linked, '--project', 'other', '--force');
  assert.match(err, 'nothing was written: flags/acme/other/project.yaml cannot be a file');
  assert.equal(readdirSync(elsewhere), ['there.yaml']);
  assert.is(textOf(elsewhere, 'there.yaml'), 'mine\n');
});

test('nothing is written where one of the files cannot be', async () => {
  const cwd = repository(['a', 'b']);
  mkdirSync(path.join(cwd, FLAGS, 'b.yaml'), { recursive: true });
  const { code, err } = await importFlags(cwd, '--force');
  assert.is(code, 1);
  assert.match(err, `nothing was written: ${FLAGS}/b.yaml cannot be a file`);
  assert.not.ok(existsSync(path.join(cwd, FLAGS, 'a.yaml')));
});

test('what was written comes back where the disk refuses a later file', () => {
  const folder = temporaryFolder();
  writeFiles(folder, { 'there.yaml': 'mine\n', 'folder/x.yaml': '' });
  const names = ['there.yaml', 'new/file.yaml', 'folder'];
  assert.throws(() =>
    writeTogether(names.map((name) => ({ target: path.join(folder, name), text: 'theirs\n' }))),
  );
  assert.is(textOf(folder, 'there.yaml'), 'mine\n');
  const left = readdirSync(folder, { recursive: true }).map(String).sort();
  assert.equal(left, ['folder', 'folder/x.yaml', 'new', 'there.yaml']);
});

test('a report that cannot be written, or is there, stops all, under a dry run too', async () => {
  const cwd = repository(['a'], { 'mine.md': 'mine\n' });
  const lost = await importFlags(cwd, '--report', 'nowhere/x.md');
  assert.is(lost.code, 2);
  assert.is(
    lost.err,
    'flagstaff: nothing was written: --report nowhere/x.md: the folder nowhere is not there',
  );
  for (const words of [[], ['--dry-run']]) {
    const taken = await importFlags(cwd, '--report', 'mine.md', ...words);
    assert.is(taken.code, 1);
    assert.is(taken.err, 'flagstaff: nothing was written: mine.md is there already; --force writes over it');
  }
  assert.is(textOf(cwd, 'mine.md'), 'mine\n');
  assert.not.ok(existsSync(path.join(cwd, FLAGS, 'a.yaml')));
  assert.is((await importFlags(cwd, '--report', 'mine.md', '--force')).code, 0);
  assert.match(textOf(cwd, 'mine.md'), '# Flags from flagd');
});

test('a dry run over files that are there says what it would write, and then that they are there', async () => {
  const cwd = repository(['a'], { [`${FLAGS}/a.yaml`]: MINE });
  const { code, out, err } = await importFlags(cwd, '--dry-run');
  assert.is(code, 1);
  assert.match(out, '1 of 1 flag of flagd is carried');
  assert.match(err, `${FLAGS}/a.yaml is there already`);
});

test('a flag whose name differs only in case from a file that is there is left out alone', async () => {
  for (const [there, key] of [
    ['dark', 'Dark'],
    ['Dark', 'dark'],
  ] as const) {
    const cwd = repository([key, 'b'], { [`${FLAGS}/${there}.yaml`]: MINE });
    const { code, out, err } = await importFlags(cwd);
    assert.is(code, 1);
    assert.is(err, '');
    assert.match(
      out,
      `${key}: left out: KEY_CASE_COLLISION: the file's name differs only in case from ${FLAGS}/${there}.yaml`,
    );
    assert.ok(existsSync(path.join(cwd, FLAGS, 'b.yaml')));
    assert.is(textOf(cwd, `${FLAGS}/${there}.yaml`), MINE);
  }
});

test('a segment that is written over is named with those who ask it and stay', async () => {
  const rules = '[{ id: staff, when: [{ segment: staff }] }]';
  const cwd = flagsRepository({
    [`${PROJECT}/segments/staff.yaml`]: 'when: [{ attribute: plan, equals: pro }]\n',
    [`${FLAGS}/mine.yaml`]: `environments: { production: { enabled: true, rules: ${rules}, serve: off } }\n`,
    'source.json': JSON.stringify({
      $evaluators: { staff: { '===': [{ var: 'plan' }, 'free'] } },
      flags: { a: { ...ON, targeting: { if: [{ $ref: 'staff' }, 'off'] } } },
    }),
  });
  const { code, out } = await importFlags(cwd, '--force');
  assert.is(code, 0);
  assert.match(out, `segment staff is written over; who asks it may get other answers: ${FLAGS}/mine.yaml\n`);
  assert.not.match((await importFlags(cwd, '--force')).out, 'is written over');
});

test.run();
