import { createReadStream } from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { generateContexts } from '../../changes/impact/generate.js';
import type { Sample } from '../../changes/impact/impact.js';
import type { Vocabulary } from '../../changes/impact/vocabulary.js';
import { isSystemError, systemReason, WrongUse } from '../exit.js';
import { count } from '../format.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { MOST_UNITS, readLines } from './lines.js';
import { parseSample } from './sample.js';

/** Who is asked. */
export type Population =
  /** JSON lines; `-` is standard input. */
  | { readonly kind: 'file'; readonly file: string; readonly skipBroken: boolean }
  | { readonly kind: 'generated'; readonly count: number; readonly seed: number };

/** What takes each of them. */
export interface Taking {
  readonly take: (sample: Sample) => void;
  /** Called now and then, with how many lines or contexts there were so far. */
  readonly tell: (done: number) => void;
}

/** So many contexts are made before somebody else gets a turn. */
const SLICE = 10_000;
/** So many broken lines are named. */
const MOST_NAMED = 5;
/** Bytes that are read at once: less costs time, more costs memory. */
const CHUNK_BYTES = 1 << 18;

/** Gives everybody to `take`, one after the other, and fulfils with how many lines were skipped. Throws `WrongUse` for lines that are no contexts. */
export async function visitPopulation(
  population: Population,
  { vocabulary, now }: { readonly vocabulary: () => Vocabulary; readonly now: number },
  { around, ...taking }: Taking & { readonly around: Surroundings },
): Promise<number> {
  if (population.kind === 'file') return visitFile(population, taking, around);
  const { seed, count: wanted } = population;
  let done = 0;
  for (const context of generateContexts({ vocabulary: vocabulary(), seed, count: wanted, now })) {
    taking.take({ context, count: 1 });
    done += 1;
    if (done % SLICE > 0) continue;
    taking.tell(done);
    await setImmediate();
  }
  return 0;
}

type FilePopulation = Extract<Population, { kind: 'file' }>;

async function visitFile(
  { file, skipBroken }: FilePopulation,
  taking: Taking,
  around: Surroundings,
): Promise<number> {
  const broken = new BrokenLines();
  let number = 0;
  try {
    for await (const lines of readLines(openFile(file, around))) {
      for (const line of lines) {
        number += 1;
        if (line === undefined) broken.add(number, `longer than ${MOST_UNITS} characters`);
        else takeLine(number === 1 ? line.replace(/^\uFEFF/, '') : line, number, { taking, broken });
      }
      taking.tell(number);
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new WrongUse(`--contexts: cannot read ${file}: ${systemReason(error)}`);
  }
  broken.report({ file, skipBroken }, around);
  return broken.count;
}

function openFile(file: string, { cwd, streams }: Surroundings): Readable {
  if (file === '-') return streams.input;
  return createReadStream(path.resolve(cwd, file), { highWaterMark: CHUNK_BYTES });
}

interface LinePlace {
  readonly taking: Taking;
  readonly broken: BrokenLines;
}

/** Lines of blanks are nobody. */
function takeLine(line: string, number: number, { taking, broken }: LinePlace): void {
  if (/^\s*$/.test(line)) return;
  const sample = parseSample(line);
  if ('problem' in sample) broken.add(number, sample.problem);
  else taking.take(sample);
}

/** What people call the file of the contexts. */
export function fileName(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/** All are counted, the first few named. */
class BrokenLines {
  readonly #named: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(number: number, problem: string): void {
    this.#count += 1;
    if (this.#named.length < MOST_NAMED) this.#named.push(`line ${number}: ${problem}`);
  }

  report({ file, skipBroken }: Omit<FilePopulation, 'kind'>, around: Surroundings): void {
    if (this.#count === 0) return;
    const name = fileName(file);
    for (const line of this.#named) around.warn(shownLine(`${name}: ${line}`));
    const what = `${count(this.#count, 'line')} of ${name} ${this.#count === 1 ? 'is' : 'are'} no context`;
    if (!skipBroken) throw new WrongUse(`${what}; --skip-broken goes on without`);
    around.warn(shownLine(`flagstaff: ${what}, left out`));
  }
}
