import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { parseFlagKey, parseOrgKey, parseProjectKey } from '../../src/model/keys.js';
import { openCache } from '../../src/repository/cache.js';
import { openRepository } from '../../src/repository/git.js';
import type { FlagCache } from '../../src/repository/served.js';
import type { WriteRequest, Writer } from '../../src/repository/write-request.js';
import { openWriter } from '../../src/repository/writer.js';
import { flagText, generateRepository, type Size, TARGET_SIZE } from './generate.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

const ROUNDS = 40;
/** So many of ours first, as in a server that has run for a while, and so many turns. */
const WARM_UP_WRITES = 100;
const WARM_UP = 8;
/** Before each of ours and each of git's, in milliseconds: a lone write does not come at the heels of another one. */
const PAUSE_MS = 20;
/** The organizations of each size have the same flags as at the target. */
const SIZES: readonly Size[] = [{ orgs: 1, flagsPerOrg: 100 }, { orgs: 2, flagsPerOrg: 500 }, TARGET_SIZE];
/** So many write at once, and so often each. */
const WRITERS = 32;
const WRITES_EACH = 8;

/** A durable, served write beside `git commit -o PATH` in the same repository, turn by turn; and many writers at once. */
export async function run(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const size of SIZES) rows.push(...(await measureSize(size)));
  return rows;
}

async function measureSize(size: Size): Promise<readonly BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const paths = await generateRepository({ dir, ...size });
    execFileSync('git', ['gc', '--quiet'], { cwd: dir });
    return await measure(dir, paths);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, paths: readonly string[]): Promise<readonly BenchRow[]> {
  const repository = await openRepository(dir);
  const cache = await openCache({ repository });
  await cache.ready;
  const writer = await openWriter({ repository, cache });
  const alone = await measureAlone({ dir, paths, cache, writer });
  const grouped = await throughput(writer, paths, 'grouped');
  await writer.close();
  const single = await openWriter({ repository, cache, groupSize: 1 });
  const singly = await throughput(single, paths, 'singly');
  await single.close();
  await cache.close();
  const at = `at ${paths.length.toLocaleString('en')} flags`;
  return [aloneRow(at, alone), togetherRow(at, grouped, singly)];
}

interface Bench {
  readonly dir: string;
  readonly paths: readonly string[];
  readonly cache: FlagCache;
  readonly writer: Writer;
}

interface Alone {
  readonly ours: number;
  readonly theirs: number;
}

/** Medians in milliseconds. */
async function measureAlone({ dir, paths, cache, writer }: Bench): Promise<Alone> {
  for (let number = 0; number < WARM_UP_WRITES; number += 1) {
    await writer.write(writeOf(paths[(number * 137) % paths.length] ?? '', `warm ${number}`));
  }
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const path = paths[(round * 137) % paths.length] ?? '';
    await wait(PAUSE_MS);
    const mine = await timed(() => writer.write(writeOf(path, `text ${round}`)));
    const other = paths[(round * 137 + 61) % paths.length] ?? '';
    await wait(PAUSE_MS);
    const git = await timed(async () => commitOnly(dir, other, round));
    // The cache sees that commit too; its work must not fall into the next measurement.
    await cache.refresh();
    if (round >= WARM_UP) {
      ours.push(mine);
      theirs.push(git);
    }
  }
  return { ours: median(ours), theirs: median(theirs) };
}

function aloneRow(at: string, { ours, theirs }: Alone): BenchRow {
  const ratio = ours / theirs;
  return {
    name: `a write ${at}, flushed, work tree and index in step, served`,
    ours: `${ours.toFixed(1)} ms`,
    theirs: `git commit -o PATH ${theirs.toFixed(1)} ms`,
    ratio,
    target: '<= 0.5',
    met: ratio <= 0.5,
  };
}

function togetherRow(at: string, grouped: number, singly: number): BenchRow {
  const ratio = grouped / singly;
  return {
    name: `${WRITERS} writers at once ${at}`,
    ours: `${grouped.toFixed(0)} commits a second`,
    theirs: `flushed one by one ${singly.toFixed(0)}`,
    ratio,
    target: '>= 1',
    met: ratio >= 1,
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

/** Commits a second when so many wait at any time. */
async function throughput(writer: Writer, paths: readonly string[], text: string): Promise<number> {
  const count = WRITERS * WRITES_EACH;
  let next = 0;
  const work = async (): Promise<void> => {
    for (let number = next++; number < count; number = next++) {
      await writer.write(writeOf(paths[(number * 211 + 7) % paths.length] ?? '', `${text} ${number}`));
    }
  };
  const ms = await timed(async () => void (await Promise.all(Array.from({ length: WRITERS }, work))));
  return (count * 1_000) / ms;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

if (process.argv[1] === import.meta.filename) console.table(await run());
