import type { Cause, FlagImpact, Impact, Move, Outcome } from '../../changes/impact/impact.js';
import { outcomeText } from '../../changes/impact/impact.js';
import { isSameOutcome } from '../../changes/impact/outcome.js';
import { count } from '../format.js';
import type { Population } from './population.js';

/** An impact, with what it is the impact of. */
export interface ToldImpact {
  readonly impact: Impact;
  readonly before: ToldSide;
  readonly after: ToldSide;
  readonly population: Population;
  /** Lines that were left out. */
  readonly skipped: number;
  /** The moment of the questions, in epoch milliseconds. */
  readonly now: number;
}

/** One of the two versions. */
export interface ToldSide {
  /** In the caller's words, or `the work tree`. */
  readonly label: string;
  readonly commit: string | undefined;
}

/** So many kinds of moves, and so many causes, stand in a sentence. */
const MOST_TOLD = 6;

/** `1,204` */
export function number(amount: number): string {
  return amount.toLocaleString('en-US');
}

/** `1,204 of 10,000 contexts get another answer`, for everything together. */
export function headline({ moved, contexts }: Impact): string {
  const all = `${number(contexts)} ${contexts === 1 ? 'context' : 'contexts'}`;
  return moved === 0
    ? `none of ${all} gets another answer`
    : `${number(moved)} of ${all} ${moved === 1 ? 'gets' : 'get'} another answer`;
}

/** Who was asked: `contexts.jsonl`, `generated with seed 1`. */
export function populationText({ population, skipped }: ToldImpact): string {
  if (population.kind === 'generated') return `generated contexts, seed ${population.seed}`;
  const name = population.file === '-' ? 'standard input' : population.file;
  return skipped === 0
    ? `contexts of ${name}`
    : `contexts of ${name}, ${count(skipped, 'broken line')} left out`;
}

/** `1,204 of 10,000 off → on, 0 on → off`: each way with its way back. */
export function movesText({ contexts, moves }: FlagImpact): string {
  const ways = withWaysBack(moves);
  const texts = ways.slice(0, MOST_TOLD).map((way, index) => {
    const amount = index === 0 ? `${number(way.contexts)} of ${number(contexts)}` : number(way.contexts);
    return `${amount} ${wayText(way)}`;
  });
  return [...texts, ...more(ways.length, 'other way')].join(', ');
}

/** `off → on` */
export function wayText({ from, to }: Pick<Move, 'from' | 'to'>): string {
  const isOtherValue = from.kind === 'value' && to.kind === 'value' && from.variant === to.variant;
  return `${outcomeText(from)} → ${outcomeText(to)}${isOtherValue ? ' (another value)' : ''}`;
}

/** `rule canary 5 % → 20 %; segment beta-testers: …`; empty where the cause is not known. */
export function causesText(causes: readonly Cause[]): string {
  const texts = [...new Set(causes.map(({ text }) => text))];
  return [...texts.slice(0, MOST_TOLD), ...more(texts.length, 'other difference')].join('; ');
}

/** Names flags as briefly as tells them apart. */
export function flagNamer(flags: readonly FlagImpact[]): (flag: FlagImpact) => string {
  const projects = new Set(flags.map(({ org, project }) => `${org}/${project}`));
  return ({ org, project, flag }) => (projects.size > 1 ? `${org}/${project}/${flag}` : flag);
}

interface Way {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly contexts: number;
}

/** Nobody takes the way back of a flag that came or went. */
function withWaysBack(moves: readonly Move[]): readonly Way[] {
  const ways: Way[] = [];
  const isTold = ({ from, to }: Pick<Way, 'from' | 'to'>) =>
    ways.some((way) => isSameOutcome(way.from, from) && isSameOutcome(way.to, to));
  for (const move of moves) {
    const { from, to } = move;
    if (isTold(move)) continue;
    ways.push(move);
    if (from.kind === 'missing' || to.kind === 'missing') continue;
    const back = moves.find((other) => isSameOutcome(other.from, to) && isSameOutcome(other.to, from));
    ways.push(back ?? { from: to, to: from, contexts: 0 });
  }
  return ways;
}

function more(all: number, what: string): readonly string[] {
  return all > MOST_TOLD ? [`${count(all - MOST_TOLD, what)}`] : [];
}
