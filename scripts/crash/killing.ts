import { spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { FILES } from '../../test/repository/writable.js';
import { createRepository, repositoryAt, temporaryFolder } from '../../test/support/git.js';
import { LOADER, programOf } from '../../test/support/program.js';
import { seeded } from '../random.js';
import { lifeOf } from './round.js';
import { prepared, type Scenario } from './scenario.js';
import { discard, faultsAfterRestart } from './sound.js';
import { summed, type Tally } from './tally.js';

const CHILD = programOf('scripts/crash/writing-child.ts');
const LANES = 2;
/** About three writes of calls: the kill falls into the first, or into one of those after it. */
const CALLS = 700;

/** Kills the process at every call of the scenario's writes; of many, at every `every`-th. */
export async function killEverywhere(scenario: Scenario, every = 1): Promise<Tally> {
  const template = await prepared(scenario);
  let [next, tries, acknowledged, isOver] = [1, 0, 0, false];
  const faults: string[] = [];
  const lane = async (): Promise<void> => {
    while (!isOver) {
      const call = next;
      next += every;
      const clone = repositoryAt(temporaryFolder());
      cpSync(template.dir, clone.dir, { recursive: true, preserveTimestamps: true });
      const base = await clone.head();
      const end = await runChild(CHILD, [clone.dir, 'scenario', scenario.name, String(call)]);
      if (end.signal === 'SIGKILL') tries += 1;
      else isOver = true;
      acknowledged += end.acknowledged.length;
      const expected = { base, writes: scenario.writes, acknowledged: end.acknowledged };
      const found = [...failed(end), ...(await faultsAfterRestart(clone, expected))];
      faults.push(...found.map((fault) => `${scenario.name}, killed at call ${call}: ${fault}`));
      discard(clone);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  discard(template);
  return { name: `P4, kill -9 at every call: ${scenario.name}`, tries, acknowledged, faults };
}

/** Kills a process that writes on and on at a moment drawn from the seed, starts it again in the same clone, and so on. */
export async function killOften(options: {
  readonly count: number;
  readonly seed: number;
  /** Is told how many there were, and what was found, after each. */
  readonly progress?: (done: number, faults: readonly string[]) => void;
}): Promise<Tally> {
  const counts = Array.from({ length: LANES }, (_, lane) => Math.ceil((options.count - lane) / LANES));
  let done = 0;
  const lives = counts.map((count, lane) =>
    killInOneClone({
      count,
      random: seeded(options.seed + lane),
      progress: (found) => options.progress?.(++done, found),
    }),
  );
  const tallies = await Promise.all(lives);
  return summed('P3, kill -9 at any moment', tallies);
}

async function killInOneClone(options: {
  readonly count: number;
  readonly random: () => number;
  readonly progress: (found: readonly string[]) => void;
}): Promise<Tally> {
  const clone = await createRepository(FILES);
  let acknowledged = 0;
  const faults: string[] = [];
  for (let life = 0; life < options.count; life += 1) {
    const base = await clone.head();
    const call = 1 + Math.floor(options.random() * CALLS);
    const end = await runChild(CHILD, [clone.dir, 'rounds', String(life), String(call)]);
    acknowledged += end.acknowledged.length;
    const expected = { base, writes: lifeOf(String(life)), acknowledged: end.acknowledged };
    const found = [...failed(end), ...(await faultsAfterRestart(clone, expected))];
    const named = found.map((fault) => `life ${life}, killed at call ${call}: ${fault}`);
    faults.push(...named);
    options.progress(named);
  }
  discard(clone);
  return { name: 'one clone', tries: options.count, acknowledged, faults };
}

/** How a child ended. */
interface End {
  readonly signal: string | null;
  readonly code: number | null;
  readonly acknowledged: readonly string[];
}

/** What is wrong with how it ended. */
export function failed({ signal, code }: End): readonly string[] {
  return signal === 'SIGKILL' || code === 0 ? [] : [`the process ended by itself, with ${code ?? signal}`];
}

/** Runs the child until it ends; what it wrote are lines of what was acknowledged. */
export function runChild(script: string, words: readonly string[]): Promise<End> {
  const child = spawn(process.execPath, [...LOADER, script, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((fulfil, reject) => {
    let output = '';
    child.on('error', reject);
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('close', (code, signal) => {
      fulfil({ code, signal, acknowledged: output.split('\n').slice(0, -1) });
    });
  });
}
