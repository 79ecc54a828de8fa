import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LOADER, programOf } from '../support/program.js';
import { flagsRepository } from './run.js';

const PROGRAM = [process.execPath, ...LOADER, programOf('src/cli.ts')].map((word) => `'${word}'`).join(' ');

/** Runs a command line in a shell, with the repository of that folder. */
function shell(command: string, folder = flagsRepository()) {
  return spawnSync('bash', ['--norc', '-c', `set -o pipefail; ${command.replaceAll('flagstaff', PROGRAM)}`], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, FLAGSTAFF_REPO: folder },
  });
}

/** More flags than a pipe holds lines of. */
function manyFlags(): Record<string, string> {
  const keys = Array.from({ length: 250 }, (_, number) => `flag-${number}`);
  return Object.fromEntries(
    keys.map((key) => [`flags/acme/web-app/flags/${key}.yaml`, 'environments: {}\n']),
  );
}

test('a reader that stops early, as head does, is no failure', () => {
  const { stdout, stderr, status } = shell('flagstaff list --json | head -n 1', flagsRepository(manyFlags()));
  assert.equal([stdout, stderr, status], ['[\n', '', 0]);
});

test('all of a long output reaches a slow reader', () => {
  const { stdout, status } = shell(
    'flagstaff list --json | { sleep 0.2; wc -l; }',
    flagsRepository(manyFlags()),
  );
  assert.is(status, 0);
  assert.ok(Number(stdout) > 2500, stdout);
});

test('an output that takes nothing, as a full disk, is one sentence and 1', () => {
  const { stderr, status } = shell('flagstaff list --json >/dev/full', flagsRepository(manyFlags()));
  assert.match(stderr, /^flagstaff: ENOSPC: no space left on device[^\n]*\n$/);
  assert.is(status, 1);
});

test('what people cannot be told, because the disk of a log is full, stops nothing', () => {
  const blanks = { 'flags/acme/web-app/flags/blanks.yaml': 'environments: {}   \n' };
  const { stdout, status } = shell('flagstaff validate --fix 2>/dev/full', flagsRepository(blanks));
  assert.equal([stdout, status], ['6 files checked: 0 errors, 0 warnings\n', 0]);
});

test('what is asked for goes to standard output, what went wrong to standard error, in one line', () => {
  const good = shell('flagstaff list --environment production 2>&1 >/dev/null');
  assert.equal([good.stdout, good.status], ['', 0]);
  const bad = shell('flagstaff list --org nobody');
  assert.equal([bad.stdout, bad.status], ['', 2]);
  assert.is(bad.stderr, 'flagstaff: no organization is called nobody: there is acme\n');
});

test('the context may be piped in', () => {
  const { stdout } = shell(`echo '{"country":"DE"}' | flagstaff evaluate dark-mode --context - --json`);
  assert.is(JSON.parse(stdout).variant, 'on');
});

test('the program has a line that names its interpreter', () => {
  assert.is(execFileSync('head', ['-n', '1', 'src/cli.ts'], { encoding: 'utf8' }), '#!/usr/bin/env node\n');
});

test.run();
