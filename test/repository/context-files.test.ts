import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type ContextBounds, ContextFiles } from '../../src/repository/context-files.js';
import type { ContextPlace } from '../../src/repository/context-folder.js';
import { temporaryFolder } from '../support/git.js';

const DAY_MS = 86_400_000;
const SMALL = { file: 100, all: 250, ageMs: 30 * DAY_MS };

interface Opened {
  readonly files: ContextFiles;
  readonly clock: { days: number };
}

function open(bounds: ContextBounds = SMALL, stateDir = temporaryFolder()): Opened {
  const clock = { days: 0 };
  return { files: new ContextFiles({ stateDir }, bounds, () => Date.now() + clock.days * DAY_MS), clock };
}

function place(environment: string, org = 'acme'): ContextPlace {
  return { org, project: 'web-app', environment } as unknown as ContextPlace;
}

function line(text: string, length: number): string {
  return `${text.padEnd(length - 1, '-')}\n`;
}

async function add({ files }: Opened, where: ContextPlace, ...lines: readonly string[]): Promise<void> {
  assert.equal(await files.append([{ place: where, lines }]), []);
}

/** `acme/production.jsonl: 1 2`: the first letters of the lines. */
async function told({ files }: Opened): Promise<readonly string[]> {
  const list = await files.list();
  return list.map(({ org, path }) => {
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    return `${org}/${basename(path)}: ${lines.map((one) => one[0]).join(' ')}`;
  });
}

test('a file that is full becomes the older one, and that one goes', async () => {
  const opened = open();
  for (let number = 0; number < 10; number += 1)
    await add(opened, place('production'), line(`${number}`, 60));
  assert.equal(await told(opened), ['acme/production.older.jsonl: 8', 'acme/production.jsonl: 9']);
});

test('no file becomes larger than its bound, however much comes at once', async () => {
  const opened = open();
  await add(opened, place('production'), ...Array.from({ length: 8 }, (_, number) => line(`${number}`, 45)));
  assert.equal(await told(opened), ['acme/production.older.jsonl: 4 5', 'acme/production.jsonl: 6 7']);
});

test('where all are too many, the organization with most loses its oldest, and nobody else anything', async () => {
  const opened = open();
  await add(opened, place('production'), line('1', 80));
  for (const environment of ['one', 'two', 'three']) {
    await add(opened, place(environment, 'busy'), line('2', 80));
  }
  assert.equal(await told(opened), ['acme/production.jsonl: 1', 'busy/three.jsonl: 2', 'busy/two.jsonl: 2']);
});

test('what another process deleted is room again', async () => {
  const opened = open();
  for (const environment of ['one', 'two', 'three']) await add(opened, place(environment), line('1', 80));
  const [one, , two] = await opened.files.list();
  const { files: other } = open(SMALL, dirname(dirname(dirname(dirname(one?.path ?? '')))));
  if (one && two) await Promise.all([other.remove(one), other.remove(two)]);
  await add(opened, place('four'), line('2', 80));
  await add(opened, place('five'), line('2', 80));
  assert.is((await told(opened)).length, 3);
});

test('a file is closed after 30 days, and goes 30 days after its last line', async () => {
  const opened = open();
  await add(opened, place('production'), line('1', 20));
  await add(opened, place('staging'), line('1', 20));
  const [production] = await opened.files.list();
  const written = Date.now() / 1_000 + 20 * 86_400;
  utimesSync(production?.path ?? '', written, written);
  opened.clock.days = 29;
  await add(opened, place('production'), line('2', 20));
  assert.equal(await told(opened), ['acme/production.jsonl: 1 2', 'acme/staging.jsonl: 1']);
  utimesSync(production?.path ?? '', written, written);
  opened.clock.days = 31;
  await add(opened, place('production'), line('3', 20));
  assert.equal(await told(opened), ['acme/production.older.jsonl: 1 2', 'acme/production.jsonl: 3']);
});

test('half a line, as a full disk leaves it, spoils no other', async () => {
  const opened = open();
  await add(opened, place('production'), line('1', 20));
  const [file] = await opened.files.list();
  truncateSync(file?.path ?? '', 10);
  await add(opened, place('production'), line('2', 20));
  assert.is(readFileSync(file?.path ?? '', 'utf8'), `1---------\n${line('2', 20)}`);
  assert.is(statSync(file?.path ?? '').mode & 0o077, 0);
});

test('what the disk refuses of one place stops no other, and a pipe in a file’s place nobody', async () => {
  const stateDir = temporaryFolder();
  const { files } = open(SMALL, stateDir);
  mkdirSync(join(stateDir, 'contexts/acme/web-app'), { recursive: true });
  execFileSync('mkfifo', [join(stateDir, 'contexts/acme/web-app/production.jsonl')]);
  mkdirSync(join(stateDir, 'contexts/busy/web-app/production.jsonl'), { recursive: true });
  const failures = await files.append(
    ['acme', 'busy', 'other'].map((org) => ({ place: place('production', org), lines: [line('1', 20)] })),
  );
  assert.equal(
    failures.map((error) => /is no file|EISDIR/.exec(String(error))?.[0]),
    ['is no file', 'EISDIR'],
  );
  assert.equal(await told({ files, clock: { days: 0 } }), ['other/production.jsonl: 1']);
});

test('the cost of a place does not grow with the number of places', async () => {
  const { files } = open({ file: 1_000, all: 1_000_000, ageMs: DAY_MS });
  let listed = 0;
  const list = files.list.bind(files);
  files.list = () => {
    listed += 1;
    return list();
  };
  const batch = Array.from({ length: 300 }, (_, number) => ({ place: place(`e-${number}`), lines: ['1\n'] }));
  for (let round = 0; round < 3; round += 1) assert.equal(await files.append(batch), []);
  assert.is(listed, 1);
});

test.run();
