import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readLines } from '../../src/cli/impact/lines.js';
import { temporaryFolder } from '../support/git.js';
import { LOADER, programOf } from '../support/program.js';
import { committedRepository, DARK_MODE } from './run.js';

const test = suite('flagstaff impact on a stream');

/** Together they take several times the room that the program has. */
const CONTEXTS = 300_000;
const HEAP = '--max-old-space-size=64';
const PADDING = 'x'.repeat(400);

async function changedRepository(): Promise<string> {
  const repository = await committedRepository();
  await repository.commit({ [DARK_MODE]: 'environments: { production: { enabled: true } }\n' });
  return repository.dir;
}

function start(dir: string, ...words: readonly string[]) {
  const program = [HEAP, ...LOADER, programOf('src/cli.ts'), 'impact', 'HEAD~1..HEAD', '--contexts', '-'];
  return spawn(process.execPath, [...program, ...words], {
    cwd: dir,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
}

function* contexts(count: number): Generator<string> {
  for (let first = 0; first < count; first += 100) {
    let text = '';
    for (let number = first; number < first + 100; number += 1) {
      text += `{"targetingKey":"u-${number}","padding":"${number}${PADDING}"}\n`;
    }
    yield text;
  }
}

async function textOf(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

test('contexts that do not fit into the memory are counted as they pass', async () => {
  const child = start(await changedRepository(), '--json');
  const [text] = await Promise.all([
    textOf(child.stdout),
    pipeline(Readable.from(contexts(CONTEXTS)), child.stdin),
  ]);
  const { contexts: counted, moved } = JSON.parse(text);
  assert.equal([counted, moved], [CONTEXTS, CONTEXTS - 1]);
});

test('Ctrl-C ends it and leaves no file behind', async () => {
  const folder = temporaryFolder();
  const words = ['--output', path.join(folder, 'impact.json'), '--svg', path.join(folder, 'impact.svg')];
  const child = start(await changedRepository(), ...words);
  await fillUntilRead(child.stdin);
  child.kill('SIGINT');
  assert.equal(await endOf(child), [null, 'SIGINT']);
  assert.equal(readdirSync(folder), []);
});

/** Writes more than the pipe and the program hold unread: it is at its work then. */
async function fillUntilRead(input: Writable): Promise<void> {
  for (const text of contexts(20_000)) if (!input.write(text)) await once(input, 'drain');
}

async function endOf(child: ChildProcess): Promise<readonly unknown[]> {
  child.stdin?.on('error', () => undefined);
  return once(child, 'exit');
}

test('lines are whole wherever the stream is cut', async () => {
  const bytes = Buffer.from('{"a":"größe"}\n\n{"b":1}\r\nlast');
  for (let at = 1; at < bytes.length; at += 1) {
    const found: unknown[] = [];
    for await (const lines of readLines(Readable.from([bytes.subarray(0, at), bytes.subarray(at)])))
      found.push(...lines);
    assert.equal(found, ['{"a":"größe"}', '', '{"b":1}\r', 'last']);
  }
});

test('a line that is too long is none, to its end, and the next one is whole', async () => {
  const piece = 'x'.repeat(1 << 18);
  const found: unknown[] = [];
  const pieces = [`${piece}${piece}${piece}`, piece, '\nfirst\n', ...[1, 2, 3, 4, 5, 6].map(() => piece)];
  for await (const lines of readLines(Readable.from([...pieces, `end\n{"a":1}\n${piece}${piece}`]))) {
    for (const line of lines) found.push(line?.length);
  }
  assert.equal(found, [1 << 20, 'first'.length, undefined, '{"a":1}'.length, 1 << 19]);
  const endless: unknown[] = [];
  for await (const lines of readLines(Readable.from(Array.from({ length: 8 }, () => piece)))) {
    endless.push(...lines);
  }
  assert.equal(endless, [undefined]);
});

test.run();
