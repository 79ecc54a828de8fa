import { programOf } from '../../test/support/program.js';
import { runOnSmallDisk } from './small-disk.js';
import type { Tally } from './tally.js';

const CHILD = programOf('scripts/crash/full-disk-child.ts');

/** P5 on a small file system that is really full. Undefined where this machine does not let one be mounted. */
export async function writeOnFullDisk(count: number): Promise<Tally | undefined> {
  const output = await runOnSmallDisk(CHILD, [String(count)]);
  if (output === undefined) return undefined;
  return { name: 'P5, a disk that is full', ...(JSON.parse(output) as Omit<Tally, 'name'>) };
}
