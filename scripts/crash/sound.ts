import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { machineDisk } from '../../src/repository/disk.js';
import { Journal } from '../../src/repository/journal.js';
import { create, openOn, writeOf } from '../../test/repository/writable.js';
import type { TestRepository } from '../../test/support/git.js';
import type { Meant } from './scenario.js';

/** What is known of a clone before it is restarted. */
export interface Expected {
  /** The commit before the writes. */
  readonly base: string;
  /** Everything that was asked for, done or not. */
  readonly writes: readonly Meant[];
  /** The commits that were acknowledged. */
  readonly acknowledged: readonly string[];
}

/**
 * Restarts the writer on what a fault left, and says as sentences what is not as P3 promises: the clone whole, all that
 * was acknowledged there, of the rest each write whole or not at all, and the next write works.
 */
export async function faultsAfterRestart(clone: TestRepository, expected: Expected): Promise<string[]> {
  const on = await openOn(clone);
  const faults = [...(await cloneFaults(clone)), ...(await historyFaults(clone, expected))];
  const next = await on.writer.write(writeOf(create(`after-${Date.now()}`))).then(
    () => [],
    (error) => [`the next write fails: ${error}`],
  );
  await on.close();
  return [...faults, ...next, ...(await cloneFaults(clone)), ...leftovers(clone)];
}

/** Fsck, status and locks. */
export async function cloneFaults(clone: TestRepository): Promise<string[]> {
  const fsck = await clone.git('fsck', '--full', '--strict', '--no-dangling', '--no-progress').catch(String);
  const status = await clone.git('status', '--porcelain').catch(String);
  const locks = locksIn(join(clone.dir, '.git'));
  return [
    ...(fsck === '' ? [] : [`fsck: ${fsck}`]),
    ...(status === '' ? [] : [`status: ${status}`]),
    ...(locks.length === 0 ? [] : [`locks: ${locks.join(' ')}`]),
  ];
}

/** Each commit since is one of the writes, whole, in a row, none twice, and all that were acknowledged are there. */
export async function historyFaults(
  clone: TestRepository,
  { base, writes, acknowledged }: Expected,
): Promise<string[]> {
  const log = await clone.git('log', '--format=%x00%H %P', '--name-status', '--no-renames', `${base}..HEAD`);
  const open = writes.map(({ effect }) => effect.join('\n'));
  const found = new Set<string>();
  const faults: string[] = [];
  for (const entry of log.split('\0').slice(1)) {
    const [ids = '', ...names] = entry.split('\n').filter((line) => line !== '');
    const [commit = '', ...parents] = ids.split(' ');
    found.add(commit);
    const at = open.indexOf(names.sort().join('\n'));
    if (at === -1) faults.push(`commit ${commit} is none of the writes: ${names.join(' ')}`);
    else open.splice(at, 1);
    if (parents.length !== 1) faults.push(`commit ${commit} has ${parents.length} parents`);
  }
  const lost = acknowledged.filter((commit) => !found.has(commit));
  return [...faults, ...lost.map((commit) => `commit ${commit} was acknowledged and is lost`)];
}

/** What a writer that has ended may not leave in its own folder. */
function leftovers(clone: TestRepository): string[] {
  const state = join(clone.dir, '.git/flagstaff');
  const locks = readdirSync(state).filter((name) => name.startsWith('writer.lock'));
  const names = [...locks, ...readdirSync(join(state, 'tmp'))];
  const entry = new Journal(machineDisk, state).read();
  if (entry !== undefined) names.push(`a journal of commit ${entry.newCommit}`);
  return names.map((name) => `left behind: ${name}`);
}

function locksIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.lock') && !name.startsWith('flagstaff'));
}

/** A copy of the clone is of no more use. */
export function discard({ dir }: TestRepository): void {
  rmSync(dir, { recursive: true, force: true });
}
