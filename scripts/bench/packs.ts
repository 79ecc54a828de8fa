import { execFileSync, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { PacksFigures, PacksJob } from './packs-child.js';
import type { BenchRow } from './row.js';

/** The path in every commit of the small file. */
const SMALL = 'flags/small.yaml';
const MEGABYTE = 1_048_576;
const COMMITS = 400;
const LARGE_BYTES = 64 * MEGABYTE;

/** Measures a repository whose pack has 400 MB beside the flags, by one process for each figure. */
export async function run(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const large = await generate(dir);
    const ours = await child('ours', { dir, what: SMALL });
    const theirs = await child('isomorphic-git', { dir, what: SMALL });
    const beside = await child('large', { dir, what: large });
    const within = await child('large', { dir, what: large, PATH: '' });
    return [memoryRow(ours, theirs), turnRow(beside, within)];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function memoryRow({ megabytes: ours }: PacksFigures, { megabytes: theirs }: PacksFigures): BenchRow {
  return {
    name: `memory to read a flag of ${COMMITS} commits in a pack of ${COMMITS} MB`,
    ours: `${ours.toFixed(0)} MB`,
    theirs: `isomorphic-git, one commit: ${theirs.toFixed(0)} MB`,
    ratio: ours / theirs,
    target: '<= 0.2',
    met: ours / theirs <= 0.2,
  };
}

function turnRow({ longestTurnMs: ours }: PacksFigures, { longestTurnMs: theirs }: PacksFigures): BenchRow {
  return {
    name: `longest turn of the event loop while ${LARGE_BYTES / MEGABYTE} MB are read`,
    ours: `${ours.toFixed(0)} ms`,
    theirs: `without the git program: ${theirs.toFixed(0)} ms`,
    ratio: ours / theirs,
    target: '<= 0.5',
    met: ours / theirs <= 0.5,
  };
}

/** Gives the id of the large file. Nothing is compressed: random bytes would only take longer. */
async function generate(dir: string): Promise<string> {
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-C', dir, ...words], { encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'core.compression', '0');
  git('config', 'core.bigFileThreshold', '1g');
  const importing = spawn('git', ['-C', dir, 'fast-import', '--quiet'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(importing, 'close');
  for (let commit = 0; commit < COMMITS; commit += 1) await importCommit(importing.stdin, commit);
  importing.stdin.end();
  await ended;
  return git('rev-parse', 'HEAD:large.bin');
}

async function importCommit(input: Writable, commit: number): Promise<void> {
  const seconds = 1_700_000_000 + commit;
  await write(
    input,
    `commit refs/heads/main\ncommitter Bench <bench@example.com> ${seconds} +0000\ndata 0\n`,
  );
  await importFile(input, `assets/${commit}.bin`, randomBytes(MEGABYTE));
  await importFile(input, SMALL, Buffer.from(`description: version ${commit}\n`));
  if (commit === COMMITS - 1) await importFile(input, 'large.bin', randomBytes(LARGE_BYTES));
}

async function importFile(input: Writable, path: string, bytes: Buffer): Promise<void> {
  await write(input, `M 100644 inline ${path}\ndata ${bytes.length}\n`);
  await write(input, bytes);
  await write(input, '\n');
}

async function write(input: Writable, bytes: string | Buffer): Promise<void> {
  if (!input.write(bytes)) await once(input, 'drain');
}

/** With an empty PATH the child finds no git program. */
async function child(
  job: PacksJob,
  {
    dir,
    what,
    PATH = process.env.PATH,
  }: { readonly dir: string; readonly what: string; readonly PATH?: string },
): Promise<PacksFigures> {
  const runner = fileURLToPath(import.meta.resolve('./packs-child.ts'));
  const running = fork(runner, [job, dir, what], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    env: { ...process.env, PATH },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [figures] = (await once(running, 'message')) as [PacksFigures];
  return figures;
}
