import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { FILES } from '../../test/repository/writable.js';
import { createRepository, type TestRepository } from '../../test/support/git.js';
import { LOADER, programOf } from '../../test/support/program.js';
import { discard } from '../crash/sound.js';
import { seeded } from '../random.js';
import { type Kind, openCommitter, WRITTEN } from './committer.js';

/** What one kind of committer did under one kind of trouble. */
export interface Outcome {
  readonly acknowledged: number;
  /** Acknowledged, and not in the history. */
  readonly lost: number;
  /** Clones that `git fsck` or `git status` finds broken afterwards. */
  readonly broken: number;
  readonly clones: number;
}

const CHILD = programOf('scripts/contrast/committing-child.ts');

/** So that some die before the first commit, and most between two. */
const KILL_WITHIN_MS = 400;

/** Two processes in one clone, each with a file of its own. Where the second one is refused, it has acknowledged nothing. */
export async function twoProcesses(kind: Kind, count: number): Promise<Outcome> {
  const clone = await createRepository(FILES);
  const children = await Promise.all(
    WRITTEN.map((flag) => startChild([kind, clone.dir, flag, String(count)])),
  );
  for (const { begin } of children) begin();
  return judge(clone, (await Promise.all(children.map(({ end }) => end))).flat());
}

/** Requests that come at once in one process, again and again. */
export async function atOnce(kind: Kind, rounds: number): Promise<Outcome> {
  const clone = await createRepository(FILES);
  const committer = await openCommitter(kind, clone.dir, WRITTEN[0]);
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const texts = Array.from({ length: 20 }, (_, number) => `round ${round}, text ${number}`);
    const results = await Promise.allSettled(texts.map((text) => committer.write(text)));
    acknowledged.push(...results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  }
  await committer.close();
  return judge(clone, acknowledged);
}

/** Kills a process that commits on and on, each time in another clone; afterwards the kind itself may heal what it left. */
export async function killed(kind: Kind, count: number): Promise<Outcome> {
  const random = seeded(1);
  const outcomes: Outcome[] = [];
  for (let number = 0; number < count; number += 1) {
    const clone = await createRepository(FILES);
    const { begin, kill, end } = await startChild([kind, clone.dir, WRITTEN[0], '1000000']);
    begin();
    await wait(KILL_WITHIN_MS * random());
    kill();
    const acknowledged = await end;
    const again = await openCommitter(kind, clone.dir, WRITTEN[0]);
    await again.close();
    outcomes.push(await judge(clone, acknowledged));
  }
  return summed(outcomes);
}

/** What the clone says afterwards. */
export async function judge(clone: TestRepository, acknowledged: readonly string[]): Promise<Outcome> {
  const isSound = await clone
    .git('fsck', '--full', '--strict', '--no-dangling')
    .then(() => clone.git('status', '--porcelain'))
    .then(
      () => true,
      () => false,
    );
  const log = await clone.git('rev-list', 'HEAD').catch(() => '');
  const history = new Set(log.split('\n'));
  const lost = acknowledged.filter((commit) => !history.has(commit)).length;
  discard(clone);
  return { acknowledged: acknowledged.length, lost, broken: isSound ? 0 : 1, clones: 1 };
}

export function summed(outcomes: readonly Outcome[]): Outcome {
  const total = (of: (outcome: Outcome) => number): number => outcomes.reduce((sum, one) => sum + of(one), 0);
  return {
    acknowledged: total((one) => one.acknowledged),
    lost: total((one) => one.lost),
    broken: total((one) => one.broken),
    clones: total((one) => one.clones),
  };
}

interface Child {
  /** Lets it commit. */
  readonly begin: () => void;
  readonly kill: () => void;
  /** What it acknowledged. */
  readonly end: Promise<readonly string[]>;
}

/** Fulfils when the child is ready. */
async function startChild(words: readonly string[]): Promise<Child> {
  const child = spawn(process.execPath, [...LOADER, CHILD, ...words], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const end = once(child, 'close').then(() => output.split('\n').slice(1, -1));
  await once(child.stdout, 'data');
  return { begin: () => child.stdin.write('go\n'), kill: () => child.kill('SIGKILL'), end };
}
