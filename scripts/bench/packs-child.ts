import * as fs from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import isomorphic from 'isomorphic-git';
import { openRepository } from '../../src/repository/git.js';

/** What one process measures: a file of all commits, by ours or by isomorphic-git; or one large file. */
export type PacksJob = 'ours' | 'isomorphic-git' | 'large';

/** What it found. */
export interface PacksFigures {
  /** How much more memory the process takes at most than before it opened the repository. */
  readonly megabytes: number;
  readonly longestTurnMs: number;
}

const TURN_MS = 20;

/** The job, the repository, and the path of the small file or the id of the large one. */
const [job = '', dir = '', what = ''] = process.argv.slice(2);
const figures = await measure(job as PacksJob);
process.send?.(figures, () => process.exit(0));

async function measure(job: PacksJob): Promise<PacksFigures> {
  const before = process.memoryUsage.rss();
  const turns = monitorEventLoopDelay({ resolution: 1 });
  turns.enable();
  if (job === 'isomorphic-git') await readByOther();
  else if (job === 'ours') await readAll();
  else await (await openRepository(dir)).readBlob(what);
  // The turn that has just ended is counted by the next one.
  await wait(TURN_MS);
  turns.disable();
  // What the system counted as the most, in kilobytes.
  const most = process.resourceUsage().maxRSS * 1_024;
  return { megabytes: (most - before) / 1_000_000, longestTurnMs: turns.max / 1_000_000 };
}

async function readAll(): Promise<void> {
  const repository = await openRepository(dir);
  let { oid } = await repository.head();
  while (oid !== undefined) {
    const { tree, parents } = await repository.readCommit(oid);
    const flags = (await repository.readTree(tree)).find(({ name }) => name === 'flags');
    const [file] = await repository.readTree(flags?.oid ?? tree);
    await repository.readBlob(file?.oid ?? '');
    [oid] = parents;
  }
}

/** One commit is enough: it loads all packs, and keeps them. */
async function readByOther(): Promise<void> {
  const oid = await isomorphic.resolveRef({ fs, dir, ref: 'HEAD' });
  await isomorphic.readBlob({ fs, dir, oid, filepath: what, cache: {} });
}
