import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseFlagKey, parseOrgKey, parseProjectKey } from '../../src/model/keys.js';
import { openCache } from '../../src/repository/cache.js';
import { openRepository } from '../../src/repository/git.js';
import type { WriteRequest } from '../../src/repository/write-request.js';
import { openWriter } from '../../src/repository/writer.js';
import { flagText, generateRepository, TARGET_SIZE } from './generate.js';
import type { BenchRow } from './row.js';

const ROUNDS = 60;
const WARM_UP = 10;

/** A durable, served write beside `git commit -o PATH` in the same repository of 10,000 flags, turn by turn. */
export async function run(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const paths = await generateRepository({ dir, ...TARGET_SIZE });
    execFileSync('git', ['gc', '--quiet'], { cwd: dir });
    return await measure(dir, paths);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, paths: readonly string[]): Promise<BenchRow[]> {
  const repository = await openRepository(dir);
  const cache = await openCache({ repository });
  await cache.ready;
  const writer = await openWriter({ repository, cache });
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const path = paths[(round * 137) % paths.length] ?? '';
    const mine = await timed(() => writer.write(writeOf(path, `text ${round}`)));
    const other = paths[(round * 137 + 61) % paths.length] ?? '';
    const git = await timed(async () => commitOnly(dir, other, round));
    // The cache sees that commit too; its work must not fall into the next measurement.
    await cache.refresh();
    if (round >= WARM_UP) {
      ours.push(mine);
      theirs.push(git);
    }
  }
  const together = await throughput((path, text) => writer.write(writeOf(path, text)), paths);
  await writer.close();
  await cache.close();
  return [row(median(ours), median(theirs), together)];
}

function row(ours: number, theirs: number, perSecond: number): BenchRow {
  const ratio = ours / theirs;
  return {
    name: 'a write at 10,000 flags, flushed, work tree and index in step, served',
    ours: `${ours.toFixed(1)} ms (32 waiting: ${perSecond.toFixed(0)} a second)`,
    theirs: `git commit -o PATH ${theirs.toFixed(1)} ms`,
    ratio,
    target: '<= 1',
    met: ratio <= 1,
  };
}

function writeOf(path: string, description: string): WriteRequest {
  const [, org = '', project = '', , file = ''] = path.split('/');
  const [orgKey, projectKey] = [parseOrgKey(org), parseProjectKey(project)];
  const flag = parseFlagKey(file.replace('.yaml', ''));
  if (orgKey === undefined || projectKey === undefined || flag === undefined)
    throw new Error(`no flag: ${path}`);
  const edits = [{ at: ['description'], set: description }];
  return {
    org: orgKey,
    author: { name: 'Bench', email: 'bench@example.com' },
    changes: [{ kind: 'flag.update', project: projectKey, flag, edits }],
  };
}

function commitOnly(dir: string, path: string, round: number): void {
  writeFileSync(join(dir, path), flagText(`round ${round}`));
  const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com', '-c', 'gc.auto=0'];
  execFileSync('git', [...identity, 'commit', '--quiet', '--message', `round ${round}`, '--only', path], {
    cwd: dir,
  });
}

/** Writes a second when 32 wait at any time. */
async function throughput(
  write: (path: string, text: string) => Promise<unknown>,
  paths: readonly string[],
): Promise<number> {
  const count = 32 * 4;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) {
      await write(paths[(number * 211 + 7) % paths.length] ?? '', `together ${number}`);
    }
  };
  const ms = await timed(async () => void (await Promise.all(Array.from({ length: 32 }, worker))));
  return (count * 1_000) / ms;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

if (process.argv[1] === import.meta.filename) console.table(await run());
