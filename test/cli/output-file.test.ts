import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WrongUse } from '../../src/cli/exit.js';
import { isSameOutput, writeOutput, writeOutputs } from '../../src/cli/output-file.js';
import { temporaryFolder } from '../support/git.js';

const test = suite('--output');

test('a file that is there keeps its mode, and a new one is like any other', () => {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'secret.json'), 'old');
  chmodSync(path.join(cwd, 'secret.json'), 0o600);
  writeOutput('secret.json', 'new', { cwd });
  writeOutput('fresh.json', 'new\n', { cwd });
  assert.is(statSync(path.join(cwd, 'secret.json')).mode & 0o777, 0o600);
  chmodSync(path.join(cwd, 'secret.json'), 0o666);
  writeOutput('secret.json', 'new', { cwd });
  assert.is(statSync(path.join(cwd, 'secret.json')).mode & 0o777, 0o666, 'whatever the umask');
  assert.is(statSync(path.join(cwd, 'fresh.json')).mode & 0o777, 0o666 & ~process.umask());
  assert.equal(readdirSync(cwd).sort(), ['fresh.json', 'secret.json']);
  assert.is(readFileSync(path.join(cwd, 'secret.json'), 'utf8'), 'new\n');
});

test('a link stays, and what it leads to is written, whether that is there or not', () => {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, 'reports'));
  writeFileSync(path.join(cwd, 'reports/old.json'), 'old');
  for (const name of ['old.json', 'fresh.json']) {
    symlinkSync(`reports/${name}`, path.join(cwd, name));
    writeOutput(name, 'new', { cwd });
    assert.is(readlinkSync(path.join(cwd, name)), `reports/${name}`);
    assert.is(readFileSync(path.join(cwd, 'reports', name), 'utf8'), 'new\n');
  }
  assert.equal(readdirSync(path.join(cwd, 'reports')).sort(), ['fresh.json', 'old.json']);
  assert.ok(isSameOutput('old.json', 'reports/../reports/old.json', { cwd }));
  assert.not.ok(isSameOutput('old.json', 'fresh.json', { cwd }));
});

test('what is no file is written into and stays what it is', async () => {
  const cwd = temporaryFolder();
  const pipe = path.join(cwd, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  reader.stdout.on('data', (chunk) => {
    text += String(chunk);
  });
  const ended = once(reader, 'close');
  writeOutput('pipe', 'new', { cwd });
  await ended;
  assert.is(text, 'new\n');
  assert.ok(lstatSync(pipe).isFIFO());
  assert.equal(readdirSync(cwd), ['pipe']);
});

test('of several none is written where one cannot be, and what is said names no other file', () => {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, 'folder'));
  const long = 'x'.repeat(300);
  for (const [file, reason] of [
    ['no/such.json', 'the folder no is not there'],
    [long, 'name too long'],
    ['folder', 'is a folder'],
  ] as const) {
    const outputs = [
      { file: 'impact.svg', text: '<svg/>' },
      { file, text: '{}' },
    ];
    try {
      writeOutputs(outputs, { cwd });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, WrongUse);
      assert.is((error as Error).message, `${file}: ${reason}`);
    }
  }
  assert.equal(readdirSync(cwd), ['folder']);
});

test.run();
