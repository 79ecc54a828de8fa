import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseFlagKey, parseOrgKey, parseProjectKey } from '../../src/model/keys.js';
import type { BlamedFlag } from '../../src/repository/blame.js';
import { type GitRepository, openRepository } from '../../src/repository/git.js';
import { History } from '../../src/repository/history.js';
import { flagText, generateFiles, git, TARGET_SIZE } from './generate.js';
import type { BenchRow } from './row.js';

const COMMITS = 10_000;
/** Odd, so that there is a middle one. */
const ROUNDS = 3;
const QUERIES = 1_001;
const MORE_COMMITS = 21;
const PAGE = { offset: 0, limit: 20 };

/** The history of 10,000 flags after 10,000 commits: the first build, and what is asked of it afterwards. */
export async function run(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const paths = await generateHistory(dir);
    return await measure(dir, paths);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, paths: readonly string[]): Promise<BenchRow[]> {
  const repository = await openRepository(dir);
  const build = await measureBuild(repository, dir);
  const history = new History(repository);
  await history.follow(await git(dir, 'rev-parse', 'HEAD'));
  const settledMs = await timed(() => history.settled());
  const log = execTimed(dir, ['log', '--first-parent', '--raw', '--', paths[0] ?? '']);
  const once = await queryTimes(history, paths);
  const again = await queryTimes(history, paths);
  const following = await measureFollowing(history, dir, paths);
  await history.close();
  return [
    buildRow(build, settledMs),
    limitRow("a flag's history at 10,000 commits, asked for the first time, p50", once.page, log),
    limitRow("a flag's history at 10,000 commits, again, p50", again.page, log),
    limitRow("a flag's blame at 10,000 commits, asked for the first time, p50", once.blame, log),
    limitRow("a flag's blame at 10,000 commits, again, p50", again.blame, log),
    followRow(following, log),
  ];
}

interface Queries {
  readonly page: number;
  readonly blame: number;
}

interface Build {
  readonly ours: number;
  readonly theirs: number;
}

/** In turns, so that a busy moment of the machine is not only ours or only theirs. */
async function measureBuild(repository: GitRepository, dir: string): Promise<Build> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  const head = await git(dir, 'rev-parse', 'HEAD');
  for (let round = 0; round < ROUNDS; round += 1) {
    rmSync(join(repository.stateDir, 'cache'), { recursive: true, force: true });
    theirs.push(execTimed(dir, ['log', '--raw']));
    const history = new History(repository, { isWarmed: false });
    ours.push(await timed(() => history.follow(head)));
    await history.close();
  }
  rmSync(join(repository.stateDir, 'cache'), { recursive: true, force: true });
  return { ours: middle(ours), theirs: middle(theirs) };
}

async function queryTimes(history: History, paths: readonly string[]): Promise<Queries> {
  const [times, blames]: [number[], number[]] = [[], []];
  for (let query = 0; query < QUERIES; query += 1) {
    const path = pathAt(paths, query * 7_919);
    times.push(await timed(() => history.page({ under: flagFiles(path), ...PAGE })));
    blames.push(await timed(() => history.blame(flagOf(path))));
  }
  return { page: middle(times), blame: middle(blames) };
}

function flagOf(path: string): BlamedFlag {
  const [, org = '', project = '', , file = ''] = path.split('/');
  const keys = [parseOrgKey(org), parseProjectKey(project), parseFlagKey(file.replace('.yaml', ''))] as const;
  if (keys[0] === undefined || keys[1] === undefined || keys[2] === undefined)
    throw new Error(`no flag: ${path}`);
  return { org: keys[0], project: keys[1], flag: keys[2] };
}

/** Each commit is made by the git program; what is measured begins when it is there. */
async function measureFollowing(history: History, dir: string, paths: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < MORE_COMMITS; round += 1) {
    const path = pathAt(paths, round * 137);
    await importCommits(
      dir,
      `${commitText(COMMITS + round)}from refs/heads/main^0\n${fileText(path, 50 + round)}`,
    );
    const head = await git(dir, 'rev-parse', 'HEAD');
    times.push(
      await timed(async () => {
        await history.follow(head);
        await history.page({ under: flagFiles(path), ...PAGE });
      }),
    );
  }
  return middle(times);
}

function buildRow({ ours, theirs }: Build, settledMs: number): BenchRow {
  const ratio = ours / theirs;
  return {
    name: 'first index of 10,000 commits over 10,000 flags',
    ours: `${ours.toFixed(0)} ms (and ${(settledMs / 1_000).toFixed(1)} s in the background, once)`,
    theirs: `git log --raw ${theirs.toFixed(0)} ms`,
    ratio,
    target: '<= 4',
    met: ratio <= 4,
  };
}

function limitRow(name: string, ms: number, logMs: number): BenchRow {
  return {
    name,
    ours: `${ms.toFixed(3)} ms`,
    theirs: `1 ms (git log -- PATH ${logMs.toFixed(0)} ms)`,
    ratio: ms,
    target: '<= 1',
    met: ms <= 1,
  };
}

function followRow(ms: number, logMs: number): BenchRow {
  const ratio = ms / logMs;
  return {
    name: 'one more commit, from its id to the history of its flag, p50',
    ours: `${ms.toFixed(1)} ms`,
    theirs: `git log -- PATH ${logMs.toFixed(0)} ms`,
    ratio,
    target: '<= 0.05',
    met: ratio <= 0.05,
  };
}

/** One commit of all files, then one for each of 10,000 changes of one flag; gives the paths of the flags. */
async function generateHistory(dir: string): Promise<readonly string[]> {
  await git(dir, 'init', '--quiet', '--initial-branch=main');
  const files = generateFiles(TARGET_SIZE);
  const paths = [...files.keys()].filter((path) => path.includes('/flags/flag-'));
  const start = [...files].map(([path, text]) => blobText(path, text)).join('');
  const commits = Array.from({ length: COMMITS - 1 }, (_, index) => {
    const number = index + 1;
    return commitText(number) + fileText(pathAt(paths, number * 7_919), number % 100);
  });
  await importCommits(dir, commitText(0) + start + commits.join(''));
  return paths;
}

function importCommits(dir: string, stream: string): Promise<void> {
  return new Promise((fulfil, reject) => {
    const child = spawn('git', ['fast-import', '--quiet'], {
      cwd: dir,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? fulfil() : reject(new Error(`git ended with ${code}`))));
    child.stdin.end(stream);
  });
}

function commitText(number: number): string {
  const person = `Person ${number % 9} <person-${number % 9}@example.com> ${1_700_000_000 + number * 60} +0000`;
  const message = `change ${number}\n\nFlagstaff-Reason: reason ${number}\n`;
  return `commit refs/heads/main\nauthor ${person}\ncommitter ${person}\ndata ${message.length}\n${message}\n`;
}

function fileText(path: string, share: number): string {
  return blobText(path, flagText(path.replaceAll(/\D+/g, '-'), share));
}

function blobText(path: string, text: string): string {
  return `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
}

function flagFiles(path: string): readonly string[] {
  return ['flags', 'overrides', 'tests'].map((folder) =>
    path.replace('/web-app/flags/', `/web-app/${folder}/`),
  );
}

function pathAt(paths: readonly string[], number: number): string {
  return paths[number % paths.length] ?? '';
}

function execTimed(dir: string, parameters: readonly string[]): number {
  const start = performance.now();
  execFileSync('git', [...parameters], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] });
  return performance.now() - start;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function middle(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

if (process.argv[1] === import.meta.filename) console.table(await run());
