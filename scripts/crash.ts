import { failEverywhere } from './crash/failing.js';
import { failFollowing, killFollowing } from './crash/follow-faults.js';
import { FOLLOW_SCENARIOS } from './crash/follow-scenario.js';
import { writeOnFullDisk } from './crash/full-disk.js';
import { killEverywhere, killOften } from './crash/killing.js';
import { SCENARIOS } from './crash/scenario.js';
import { lineOf, summed, type Tally } from './crash/tally.js';
import { readNumbers } from './numbers.js';

/** How much is tried. */
interface CrashOptions {
  /** Kills at any moment. */
  readonly count: number;
  /** Of the calls of each write every so-manieth fails or kills. */
  readonly every: number;
  /** How often the disk is full. */
  readonly full: number;
  readonly seed: number;
  /** Takes lines for people. */
  readonly log: (line: string) => void;
}

/**
 * `npm run test:crash [-- --count 1000 --every 1 --full 20 --seed 1]`: lets the writer's file system fail, and the process die, at
 * every call of every kind of write, and checks after each what P3 to P5 promise. Ends with 1 where one is broken.
 */
async function proveCrashes({ count, every, full, seed, log }: CrashOptions): Promise<Tally> {
  const tallies: Tally[] = [];
  const done = (tally: Tally): void => {
    tallies.push(tally);
    for (const fault of tally.faults) log(`FAULT ${fault}`);
    log(lineOf(tally));
  };
  for (const scenario of SCENARIOS) done(await failEverywhere(scenario, every));
  for (const scenario of SCENARIOS) done(await killEverywhere(scenario, every));
  for (const scenario of FOLLOW_SCENARIOS) done(await failFollowing(scenario, every));
  for (const scenario of FOLLOW_SCENARIOS) done(await killFollowing(scenario, every));
  const filled = await writeOnFullDisk(full);
  if (filled === undefined)
    log('P5, a disk that is full: no file system can be mounted here; ENOSPC was injected above');
  else done(filled);
  let found = 0;
  const progress = (kills: number, faults: readonly string[]): void => {
    found += faults.length;
    if (faults.length > 0 || kills % 100 === 0) log(`${kills} of ${count} kills, ${found} faults`);
  };
  done(await killOften({ count, seed, progress }));
  return summed('all', tallies);
}

async function main(): Promise<void> {
  const numbers = readNumbers('test:crash', { count: 1_000, every: 1, full: 20, seed: 1 });
  const all = await proveCrashes({ ...numbers, log: (line) => console.log(line) });
  console.log(lineOf(all));
  process.exitCode = all.faults.length > 0 ? 1 : 0;
}

await main();
