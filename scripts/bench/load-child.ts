import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'yaml';
import type { GitRepository } from '../../src/repository/git.js';
import type { FlagCache } from '../../src/repository/served.js';

/** What one process measures: `parse` what yaml.parse alone takes, `start` a start, `follow` what commits cost a running process. */
export type LoadJob = 'parse' | 'start' | 'follow';

/** What it found; 0 and nothing where the job does not measure it. */
export interface LoadFigures {
  readonly loadMs: number;
  readonly oneFlagMs: readonly number[];
  readonly longestWaitMs: number;
  readonly idleMegabytes: number;
}

const NOTHING: LoadFigures = { loadMs: 0, oneFlagMs: [], longestWaitMs: 0, idleMegabytes: 0 };
const COMMITS = 9;
/** Until then the workers have ended, and what is to be kept is on disk. */
const SETTLE_MS = 4_000;

/** The job, the repository, and where the built files are, as a URL that ends in a slash. */
const [job = '', dir = '', built = ''] = process.argv.slice(-3);

async function measure(job: LoadJob, dir: string): Promise<LoadFigures> {
  if (job === 'parse') return { ...NOTHING, loadMs: parseAlone(dir) };
  return job === 'start' ? measureStart(dir) : measureFollowing(dir);
}

function parseAlone(dir: string): number {
  const listed = execFileSync('git', ['-C', dir, 'ls-files', 'flags'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const texts = listed
    .trim()
    .split('\n')
    .map((path) => readFileSync(join(dir, path), 'utf8'));
  const startedAt = performance.now();
  for (const text of texts) parse(text);
  return performance.now() - startedAt;
}

async function measureStart(dir: string): Promise<LoadFigures> {
  const { cache, loadMs } = await open(dir);
  await cache.ready;
  await setTimeout(SETTLE_MS);
  const idleMegabytes = process.memoryUsage.rss() / 1024 / 1024;
  await cache.close();
  return { ...NOTHING, loadMs, idleMegabytes };
}

/** From the call to the last organization served; the walk through history is not part of it. */
async function open(dir: string): Promise<{ cache: FlagCache; repository: GitRepository; loadMs: number }> {
  const { openRepository, openCache } = await importRepository();
  const startedAt = performance.now();
  const repository = await openRepository(dir);
  const cache = await openCache({ repository });
  while (cache.revision === undefined) await setTimeout(1);
  return { cache, repository, loadMs: performance.now() - startedAt };
}

/** The built files, as they are installed. */
async function importRepository() {
  const cache: typeof import('../../src/repository/cache.js') = await import(`${built}cache.js`);
  const git: typeof import('../../src/repository/git.js') = await import(`${built}git.js`);
  return { ...cache, ...git };
}

async function measureFollowing(dir: string): Promise<LoadFigures> {
  const { cache, repository } = await open(dir);
  await cache.ready;
  const oneFlagMs: number[] = [];
  for (let count = 0; count < COMMITS; count += 1) oneFlagMs.push(await measureOneFlag(cache, repository));
  const longestWaitMs = await measureWaiting(cache);
  await cache.close();
  return { ...NOTHING, oneFlagMs, longestWaitMs };
}

/** From when git has the new head until it is served. */
async function measureOneFlag(cache: FlagCache, repository: GitRepository): Promise<number> {
  const before = cache.revision;
  console.log('one');
  let startedAt = performance.now();
  while ((await repository.head()).oid === before) {
    startedAt = performance.now();
    await setTimeout(0);
  }
  while (cache.revision === before) await setTimeout(0);
  return performance.now() - startedAt;
}

/** A reader who asks again and again: the longest time that passed between two of its turns. */
async function measureWaiting(cache: FlagCache): Promise<number> {
  const before = cache.revision;
  console.log('all');
  let longest = 0;
  let at = performance.now();
  while (cache.revision === before) {
    await setTimeout(1);
    const now = performance.now();
    longest = Math.max(longest, now - at - 1);
    at = now;
  }
  return longest;
}

console.log(JSON.stringify(await measure(job as LoadJob, dir)));
