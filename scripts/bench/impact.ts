import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Difference } from '../../src/changes/difference.js';
import { type ComparedEnvironment, compareOrgs } from '../../src/changes/impact/comparison.js';
import type { FlagImpact, Sample } from '../../src/changes/impact/impact.js';
import { ImpactTally } from '../../src/changes/impact/tally.js';
import { vocabularyOf } from '../../src/changes/impact/vocabulary.js';
import { differencesOf } from '../../src/cli/impact/measure.js';
import { visitPopulation } from '../../src/cli/impact/population.js';
import { withPast } from '../../src/cli/past/open.js';
import { openSides } from '../../src/cli/past/side.js';
import type { Surroundings } from '../../src/cli/surroundings.js';
import { evaluateFlag } from '../../src/evaluation/evaluate.js';
import type { EvaluationContext } from '../../src/model/evaluation.js';
import { commitAll, flagText, generateRepository } from './generate.js';
import { median } from './median.js';
import type { BenchRow } from './row.js';

/** Of so many flags some change. */
const SIZE = { orgs: 1, flagsPerOrg: 200 };
const CHANGED = 5;
const CONTEXTS = 200_000;
const ROUNDS = 5;
const NOW = Date.UTC(2026, 5, 15);
const COUNTRIES = ['DE', 'FR', 'FR', 'IT', 'FR'];
const TARGET = 1_000_000;

/**
 * How many evaluations a second one core makes, both sides counted: counting in memory beside a bare loop of evaluations
 * of the same flags, and from the lines of a file to the report.
 */
export async function run(): Promise<BenchRow[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flagstaff-bench-'));
  try {
    const paths = await generateRepository({ dir, ...SIZE });
    for (const [place, path] of paths.slice(0, CHANGED).entries()) {
      writeFileSync(join(dir, path), flagText(`1-${place + 1}`, 30));
    }
    await commitAll(dir, 'ramp');
    const change = await changeIn(dir);
    const { environments } = change;
    const one = environments.map((environment) => ({ ...environment, flags: environment.flags.slice(0, 1) }));
    const file = join(dir, 'contexts.jsonl');
    await pipeline(Readable.from(lines()), createWriteStream(file));
    return [
      memoryRow(environments),
      await linesRow(change, file),
      await linesRow({ ...change, environments: one }, file),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function memoryRow(environments: readonly ComparedEnvironment[]): BenchRow {
  const contexts = Array.from({ length: CONTEXTS / 10 }, (_, index) => callerOf(index));
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(rateOf(contexts.length, () => count(environments, contexts)));
    theirs.push(rateOf(contexts.length, () => loop(environments, contexts)));
  }
  const [rate, bare] = [median(ours), median(theirs)];
  const name = 'impact in memory, evaluations a second, both sides counted';
  return row(name, rate, { theirs: `a bare loop ${millions(bare)}`, ratio: rate / bare });
}

interface Change {
  readonly environments: readonly ComparedEnvironment[];
  readonly differences: readonly Difference[];
}

async function changeIn(dir: string): Promise<Change> {
  const around = surroundings(dir);
  return withPast(dir, around, async (opened) => {
    const sides = await openSides(opened, { before: 'HEAD~1', after: 'HEAD', now: NOW });
    return {
      environments: compareOrgs(sides.before.orgs, sides.after.orgs),
      differences: differencesOf(sides),
    };
  });
}

function count(environments: readonly ComparedEnvironment[], contexts: readonly EvaluationContext[]): number {
  const tally = new ImpactTally(environments, { now: NOW, examples: 3 });
  for (const context of contexts) tally.add({ context, count: 1 });
  return tally.moved;
}

function loop(environments: readonly ComparedEnvironment[], contexts: readonly EvaluationContext[]): number {
  let answers = 0;
  for (const context of contexts) {
    for (const { before, after } of environments.flatMap(({ flags }) => flags)) {
      if (before !== undefined && evaluateFlag(before, context, NOW).kind === 'value') answers += 1;
      if (after !== undefined && evaluateFlag(after, context, NOW).kind === 'value') answers += 1;
    }
  }
  return answers;
}

/** From the lines of a file to the report, in the processor's time: reading and parsing them counts too. */
async function linesRow({ environments, differences }: Change, file: string): Promise<BenchRow> {
  const flags = environments.reduce((sum, environment) => sum + environment.flags.length, 0);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    const tally = new ImpactTally(environments, { now: NOW, examples: 3 });
    const population = { kind: 'file', file, skipBroken: false } as const;
    const words = { vocabulary: () => vocabularyOf(environments), now: NOW };
    const taking = { take: (sample: Sample) => tally.add(sample), tell: () => undefined };
    await visitPopulation(population, words, { ...taking, around: surroundings(dirname(file)) });
    const impact = tally.finish(differences);
    if (impact.contexts !== CONTEXTS || impact.flags.some(isUnexplained)) throw new Error('not the report');
    rates.push((CONTEXTS * flags * 2) / secondsOf(start));
  }
  const rate = median(rates);
  const name = `impact of ${flags} flag${flags === 1 ? '' : 's'} on ${CONTEXTS.toLocaleString('en-US')} lines of a file`;
  return row(name, rate, { theirs: `wanted ${millions(TARGET)}`, ratio: rate / TARGET });
}

function isUnexplained({ moved, because }: FlagImpact): boolean {
  return moved > 0 && because.length === 0;
}

function row(name: string, rate: number, compared: Pick<BenchRow, 'theirs' | 'ratio'>): BenchRow {
  return { name, ours: `${millions(rate)} a core`, ...compared, target: '>= 1 M/s', met: rate >= TARGET };
}

/** Evaluations in a second of the processor's time: others may use the machine. */
function rateOf(contexts: number, work: () => number): number {
  const start = process.cpuUsage();
  if (work() === 0) throw new Error('nobody moves');
  return (contexts * CHANGED * 2) / secondsOf(start);
}

function secondsOf(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function* lines(): Generator<string> {
  for (let index = 0; index < CONTEXTS; index += 1) yield `${JSON.stringify(callerOf(index))}\n`;
}

function callerOf(index: number): EvaluationContext {
  return {
    targetingKey: `u-${index}`,
    email: index % 20 === 0 ? `user${index}@acme.com` : `user${index}@example.com`,
    country: COUNTRIES[index % COUNTRIES.length] ?? 'FR',
    plan: index % 3 === 0 ? 'pro' : 'free',
  };
}

function millions(rate: number): string {
  return `${(rate / 1e6).toFixed(2)} M/s`;
}

/** A process that prints nothing. */
function surroundings(cwd: string): Surroundings {
  const nothing = () => undefined;
  return {
    cwd,
    env: {},
    now: () => NOW,
    print: nothing,
    printExact: nothing,
    warn: (line) => console.error(line),
    readInput: async () => '',
    streams: { input: Readable.from([]), output: new PassThrough() },
    terminal: { hasColors: false, hasErrorColors: false, showProgress: nothing },
    stopped: () => Promise.resolve(),
    onHangup: () => nothing,
    startServer: () => Promise.reject(new Error('nothing is served')),
  };
}

if (process.argv[1] === import.meta.filename) console.table(await run());
