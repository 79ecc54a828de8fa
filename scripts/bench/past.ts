import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { evaluateFlag } from '../../src/evaluation/evaluate.js';
import { parseOrgKey } from '../../src/model/keys.js';
import { openCache } from '../../src/repository/cache.js';
import { FileReader } from '../../src/repository/file-reader.js';
import { type GitRepository, openRepository } from '../../src/repository/git.js';
import { openPast, type Past } from '../../src/repository/past.js';
import { commitAll, flagText, generateRepository, git } from './generate.js';
import type { BenchRow } from './row.js';

const runFile = promisify(execFile);
const ORG = parseOrgKey('org-1');
const FOLDER = `flags/${ORG}`;
/** All in one organization, the worst case; the second one is there to be left alone. */
const SIZE = { orgs: 2, flagsPerOrg: 10_000 };
/** With one to warm up; the others are odd, so that there is a middle one. */
const ROUNDS = 6;
const REPEATS = 1_001;
const CONTEXT = { targetingKey: 'u-123', country: 'DE', plan: 'pro' };

/**
 * One evaluation as of a commit that was not asked for before, from `at` to the answer, at 10,000 flags: one that shares
 * all files but one with what is served, one of which nothing is known, and the same question again. Beside it what a
 * script would do: `git archive` of the organization at that commit, and `yaml.parse` of its files.
 */
export async function run(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const paths = await generateRepository({ dir, ...SIZE });
    const commits = await commitRounds(dir, paths);
    await git(dir, 'gc', '--quiet');
    const near = await measureNear(dir, commits);
    const far = await measureFar(dir, commits);
    const { theirs } = far;
    return [
      row('evaluation as of another commit, 1 of 10,000 files differs', near.first, theirs, 0.2),
      row('the same question again', near.again, theirs, 0.001),
      row('evaluation as of another commit, none of 10,000 files known', far.time, theirs, 1.3),
      readRow(far),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** One flag of the organization changes in each. */
async function commitRounds(dir: string, paths: readonly string[]): Promise<readonly string[]> {
  const commits: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    writeFileSync(join(dir, paths[round * 13] ?? ''), flagText(`round-${round}`, 30 + round));
    await commitAll(dir, `round ${round}`);
    commits.push(await git(dir, 'rev-parse', 'HEAD~1'));
  }
  return commits;
}

/** Beside a cache that serves the newest commit. */
async function measureNear(dir: string, commits: readonly string[]) {
  const cache = await openCache({ repository: await openRepository(dir) });
  await cache.ready;
  const first = middle((await timesOf(commits, (commit) => ask(cache.past, commit))).slice(1));
  const [newest = ''] = commits.slice(-1);
  const again = middle(
    await timesOf(new Array<string>(REPEATS).fill(newest), (commit) => ask(cache.past, commit)),
  );
  await cache.close();
  return { first, again };
}

interface Far {
  readonly time: number;
  readonly theirs: number;
  /** Trees that were read, and how many of them are the other organization's. */
  readonly trees: number;
  readonly foreign: number;
}

/**
 * With nothing served: a new past for each question, and the script for the same commit right after it. The first round
 * warms both up and does not count. Workers end while the script runs, so that each round asks once more before it.
 */
async function measureFar(dir: string, commits: readonly string[]): Promise<Far> {
  const read = new Set<string>();
  const repository = watched(await openRepository(dir), read);
  const reader = new FileReader(repository);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (const commit of commits) {
    const askAnew = (at: string): Promise<void> =>
      ask(openPast({ repository, reader, history: { commitAt: () => undefined }, now: Date.now }), at);
    await askAnew(commit);
    ours.push(...(await timesOf([commit], askAnew)));
    theirs.push(...(await timesOf([commit], (at) => parseArchive(dir, at))));
  }
  await reader.close();
  const own = await treesBelow(dir, FOLDER);
  const foreign = [...(await treesBelow(dir, 'flags/org-2'))].filter((oid) => !own.has(oid));
  return {
    time: middle(ours.slice(1)),
    theirs: middle(theirs.slice(1)),
    trees: read.size,
    foreign: foreign.filter((oid) => read.has(oid)).length,
  };
}

async function treesBelow(dir: string, folder: string): Promise<ReadonlySet<string>> {
  return new Set((await git(dir, 'ls-tree', '-r', '-d', '--object-only', `HEAD:${folder}`)).split('\n'));
}

/** The same repository, which notes the ids of the trees that are read. */
function watched(repository: GitRepository, read: Set<string>): GitRepository {
  return new Proxy(repository, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...parameters: readonly unknown[]) => {
        if (name === 'readTree') read.add(String(parameters[0]));
        return Reflect.apply(value, target, parameters);
      };
    },
  });
}

async function ask(past: Past, at: string): Promise<void> {
  const { commit } = await past.resolve(at);
  const served = ORG && (await past.orgAt(commit, ORG));
  const flag = served?.projects.get('web-app')?.environments.get('production')?.flags.get('flag-9999');
  if (flag === undefined || evaluateFlag(flag, CONTEXT, Date.now()).kind !== 'value')
    throw new Error('no answer');
}

/** The organization's files at a commit, as git packs them into a tar file, parsed. */
async function parseArchive(dir: string, commit: string): Promise<void> {
  const options = { cwd: dir, encoding: 'buffer', maxBuffer: 1 << 28 } as const;
  const { stdout: tar } = await runFile('git', ['archive', '--format=tar', commit, FOLDER], options);
  let parsed = 0;
  for (let at = 0; at + 512 <= tar.length; ) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8) || 0;
    const isFile = tar[at + 156] === 0x30;
    if (isFile) parse(tar.toString('utf8', at + 512, at + 512 + size));
    if (isFile) parsed += 1;
    at += 512 + Math.ceil(size / 512) * 512;
  }
  if (parsed < SIZE.flagsPerOrg) throw new Error(`only ${parsed} files in the archive`);
}

/** In milliseconds. */
async function timesOf(
  commits: readonly string[],
  work: (commit: string) => Promise<void>,
): Promise<number[]> {
  const times: number[] = [];
  for (const commit of commits) {
    const start = performance.now();
    await work(commit);
    times.push(performance.now() - start);
  }
  return times;
}

function middle(figures: readonly number[]): number {
  return [...figures].sort((one, other) => one - other)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function row(name: string, ours: number, theirs: number, most: number): BenchRow {
  const ratio = ours / theirs;
  return {
    name,
    ours: `${ours.toFixed(ours < 10 ? 3 : 0)} ms`,
    theirs: `${theirs.toFixed(0)} ms (git archive and yaml.parse)`,
    ratio,
    target: `<= ${most}`,
    met: ratio <= most,
  };
}

/** That the other organization is left alone is a number too. */
function readRow({ trees, foreign }: Far): BenchRow {
  return {
    name: 'trees of the other organization read for it',
    ours: String(foreign),
    theirs: `${trees} trees read in all`,
    ratio: foreign / trees,
    target: '0',
    met: foreign === 0,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await run());
