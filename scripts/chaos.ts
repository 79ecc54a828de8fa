import { setTimeout as wait } from 'node:timers/promises';
import { createRepository } from '../test/support/git.js';
import { tidyUp, workWithGit } from './chaos/people.js';
import { newRecord, type Record } from './chaos/record.js';
import { type Part, readOverRest, writeOverRest } from './chaos/requests.js';
import { ServerProcess } from './chaos/server.js';
import { startFiles } from './chaos/setting.js';
import { judgeHistory } from './chaos/verdict.js';
import { readNumbers } from './numbers.js';
import { seeded } from './random.js';

/** What went on, and what of it was not as promised. */
interface ChaosResult {
  readonly record: Record;
  readonly faults: readonly string[];
}

const WRITERS = 6;
const READERS = 2;
/** The last part of the time people rest, so that what is not clean at the end is ours. */
const WITH_PEOPLE = 0.8;

/**
 * `npm run test:chaos [-- --seconds 60 --seed 1]`: a server, requests, somebody with the git program, gc and kill -9 in
 * one clone; then the history is compared with what was acknowledged (P1, P2, P6, P7, P8). Ends with 1 where one is broken.
 */
export async function proveChaos(options: {
  readonly seconds: number;
  readonly seed: number;
}): Promise<ChaosResult> {
  const clone = await createRepository(startFiles());
  const server = new ServerProcess(clone.dir);
  await server.start();
  const record = newRecord();
  const total = options.seconds * 1_000;
  const phase = (ms: number, salt: number): Part => {
    const end = performance.now() + ms;
    const random = seeded(options.seed + salt);
    return { server, record, random, isOver: () => performance.now() > end };
  };
  try {
    const crowd = phase(total * WITH_PEOPLE, 0);
    await allEnded([...serverSide(crowd), workWithGit(clone, crowd), tidyUp(clone, crowd)]);
    await clone.git('checkout', '--quiet', '--force', 'main');
    const alone = phase(total * (1 - WITH_PEOPLE), 1);
    await allEnded([...serverSide(alone), tidyUp(clone, alone)]);
  } catch (error) {
    await server.end('SIGKILL');
    throw error;
  }
  const end = await server.end('SIGTERM');
  const faults = end === 0 ? [] : [`P20: after SIGTERM the server ended with ${end}`];
  return { record, faults: [...faults, ...(await judgeHistory(clone, record))] };
}

/** Waits for all of them, so that none starts a server again when another one has failed. */
async function allEnded(parts: readonly Promise<void>[]): Promise<void> {
  for (const part of await Promise.allSettled(parts)) {
    if (part.status === 'rejected') throw part.reason;
  }
}

function serverSide(part: Part): readonly Promise<void>[] {
  const writers = Array.from({ length: WRITERS }, (_, number) =>
    writeOverRest(part, `writer-${number}-${Math.floor(part.random() * 1e6)}`),
  );
  return [...writers, ...Array.from({ length: READERS }, () => readOverRest(part)), killAgainAndAgain(part)];
}

async function killAgainAndAgain({ server, record, random, isOver }: Part): Promise<void> {
  for (;;) {
    for (let left = 2_500 + 4_000 * random(); left > 0 && !isOver(); left -= 100) await wait(100);
    if (isOver()) return;
    await server.end('SIGKILL');
    record.kills += 1;
    await server.start();
  }
}

async function main(): Promise<void> {
  const { record, faults } = await proveChaos(readNumbers('test:chaos', { seconds: 60, seed: 1 }));
  for (const fault of faults) console.log(`FAULT ${fault}`);
  console.log(summaryOf(record, faults));
  process.exitCode = faults.length > 0 || record.acknowledged.length === 0 ? 1 : 0;
}

function summaryOf(record: Record, faults: readonly string[]): string {
  const lost = faults.filter((fault) => fault.startsWith('P1')).length;
  const refused = [...record.refused].map(([code, count]) => `${count} ${code}`).join(', ');
  return [
    `${record.acknowledged.length} writes acknowledged, ${lost} lost`,
    `${record.unanswered} without an answer`,
    `refused: ${refused || 'none'}`,
    `${record.people.length} commits of people`,
    `${record.retries} times git was locked`,
    `${record.reads} reads`,
    `${record.kills} kills`,
    `${faults.length} faults`,
  ].join('; ');
}

if (process.argv[1] === import.meta.filename) await main();
