import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { commitAll, flagText, generateRepository, TARGET_SIZE } from './generate.js';
import type { LoadFigures, LoadJob } from './load-child.js';
import type { BenchRow } from './row.js';

const runFile = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILT = new URL('../../dist/repository/', import.meta.url).href;
/** Run as plain JavaScript: tsx would add its own time and memory to every figure. */
const CHILD = transpileModule(readFileSync(new URL('./load-child.ts', import.meta.url), 'utf8'), {
  compilerOptions: { target: ScriptTarget.ES2023, module: ModuleKind.ESNext },
}).outputText;
/** Odd, so that there is a middle one. */
const ROUNDS = 3;

/** Measures loading 10,000 flags in 20 organizations by the built files, in fresh processes, ours and theirs in turns. */
export async function run(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const paths = await generateRepository({ dir, ...TARGET_SIZE });
    const { cold, warm, parse, idle } = await measureStarts(dir);
    const follow = await child('follow', dir, paths);
    return [
      ratioRow('cold start, 10,000 flags', cold, parse, 1.3),
      ratioRow('warm start, 10,000 flags', warm, parse, 0.25),
      limitRow('a commit of one flag, from the new HEAD to served', middle(follow.oneFlagMs), 50, 'ms'),
      limitRow('longest wait of a reader while 10,000 files load', follow.longestWaitMs, 50, 'ms'),
      limitRow('memory of a process with 10,000 flags, at rest after a cold start', idle, 200, 'MiB'),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Starts {
  readonly cold: number;
  readonly warm: number;
  readonly parse: number;
  readonly idle: number;
}

/** In turns, so that a busy moment of the machine is not only ours or only theirs. */
async function measureStarts(dir: string): Promise<Starts> {
  const figures: Starts[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const parse = (await child('parse', dir)).loadMs;
    rmSync(join(dir, '.git/flagstaff'), { recursive: true, force: true });
    const { loadMs: cold, idleMegabytes: idle } = await child('start', dir);
    const warm = (await child('start', dir)).loadMs;
    figures.push({ cold, warm, parse, idle });
  }
  const of = (name: keyof Starts) => middle(figures.map((figure) => figure[name]));
  return { cold: of('cold'), warm: of('warm'), parse: of('parse'), idle: of('idle') };
}

/** The child follows; the commits are made here. */
async function child(job: LoadJob, dir: string, paths: readonly string[] = []): Promise<LoadFigures> {
  const flags = ['--no-memory-reducer', '--input-type=module', '--eval', CHILD];
  const running = runFile(process.execPath, [...flags, job, dir, BUILT], { cwd: ROOT, maxBuffer: 1 << 24 });
  if (job === 'follow') {
    for await (const line of linesOf(running.child.stdout)) {
      if (line === 'one') await commitOne(dir, paths);
      else if (line === 'all') await commitEvery(dir, paths);
      else if (line.startsWith('{')) return JSON.parse(line) as LoadFigures;
    }
  }
  const { stdout } = await running;
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LoadFigures;
}

async function* linesOf(stream: AsyncIterable<unknown> | null): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
}

let share = 30;

async function commitOne(dir: string, paths: readonly string[]): Promise<void> {
  share += 1;
  writeFileSync(join(dir, paths[share * 7] ?? ''), flagText(`changed-${share}`, share));
  await commitAll(dir, 'one');
}

async function commitEvery(dir: string, paths: readonly string[]): Promise<void> {
  for (const path of paths)
    writeFileSync(join(dir, path), `${readFileSync(join(dir, path), 'utf8')}# changed\n`);
  await commitAll(dir, 'all');
}

function middle(figures: readonly number[]): number {
  return [...figures].sort((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function ratioRow(name: string, ours: number, theirs: number, most: number): BenchRow {
  const ratio = ours / theirs;
  return {
    name,
    ours: `${ours.toFixed(0)} ms`,
    theirs: `${theirs.toFixed(0)} ms (yaml.parse of the same files alone)`,
    ratio,
    target: `<= ${most}`,
    met: ratio <= most,
  };
}

function limitRow(name: string, ours: number, limit: number, unit: string): BenchRow {
  const met = ours <= limit;
  return {
    name,
    ours: `${ours.toFixed(1)} ${unit}`,
    theirs: `${limit} ${unit}`,
    ratio: ours / limit,
    target: '<= 1',
    met,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());
