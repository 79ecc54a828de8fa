import { namelessText } from '../../changes/impact/cause-text.js';
import type { Cause, FlagImpact, Impact, Move, Outcome } from '../../changes/impact/impact.js';
import { outcomeText } from '../../changes/impact/impact.js';
import { isSameOutcome } from '../../changes/impact/outcome.js';
import type { Problem } from '../../model/problem.js';
import { count } from '../format.js';
import { fileName, type Population } from './population.js';

/** An impact, with what it is the impact of. */
export interface ToldImpact {
  readonly impact: Impact;
  readonly before: ToldSide;
  readonly after: ToldSide;
  readonly population: Population;
  /** Lines that were left out. */
  readonly skipped: number;
  /** Contexts that say they were asked where nothing is: they count for nothing else. */
  readonly nowhere: number;
  /** True where Markdown and pictures may name those whom overrides and segments name. */
  readonly names: boolean;
  /** The moment of the questions, in epoch milliseconds. */
  readonly now: number;
}

/** One of the two versions. */
export interface ToldSide {
  /** In the caller's words, or `the work tree`. */
  readonly label: string;
  readonly commit: string | undefined;
  /** Of its files, those that may not be merged. What is broken answers as its last good version does. */
  readonly errors: readonly Problem[];
}

/** So many kinds of moves, and so many causes, stand in a sentence. */
const MOST_TOLD = 6;
/** So many errors stand in a report for people. */
const MOST_ERRORS = 10;

/** `1,204` */
export function number(amount: number): string {
  return amount.toLocaleString('en-US');
}

/** `1 context`, `1,204 contexts`. */
export function contextsText(contexts: number): string {
  return `${number(contexts)} ${contexts === 1 ? 'context' : 'contexts'}`;
}

/** `1,204 of 10,000 contexts get another answer`, for everything together, and what is not known. */
export function headline(told: ToldImpact): string {
  const { nowhere } = told;
  const { moved, contexts } = told.impact;
  const all = contextsText(contexts);
  const said =
    moved === 0
      ? `none of ${all} gets another answer`
      : `${number(moved)} of ${all} ${moved === 1 ? 'gets' : 'get'} another answer`;
  const missing = unmeasured(told).length;
  return [
    said,
    ...(nowhere === 0 ? [] : [`left out: ${contextsText(nowhere)} asked where nothing is`]),
    ...(missing === 0 ? [] : [`not measured: ${count(missing, 'path')} with errors`]),
  ].join('; ');
}

/** The paths that say something else than what was asked, for they are broken in one of the versions. */
export function unmeasured({ before, after }: ToldImpact): readonly string[] {
  const paths = [before, after].flatMap(({ errors }) => errors.map(({ path }) => path));
  return [...new Set(paths)];
}

/** What stands above the errors. */
export const UNMEASURED = 'not measured, the last good version answers instead';

/** One thing that is wrong with one version. */
export interface ToldError {
  readonly label: string;
  /** `flags/acme/web-app/flags/a.yaml:4` */
  readonly place: string;
  readonly message: string;
}

/** What is wrong with both versions, the first few of it; `left` counts the rest. */
export function errorsOf({ before, after }: ToldImpact): {
  readonly errors: readonly ToldError[];
  readonly left: number;
} {
  const all = [before, after].flatMap(({ label, errors }) =>
    errors.map(({ path, line, message }) => ({ label, place: `${path}:${line}`, message })),
  );
  return { errors: all.slice(0, MOST_ERRORS), left: Math.max(0, all.length - MOST_ERRORS) };
}

/** Who was asked: `contexts.jsonl`, `generated with seed 1`. */
export function populationText({ population, skipped }: ToldImpact): string {
  if (population.kind === 'generated') return `generated contexts, seed ${population.seed}`;
  const name = fileName(population.file);
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
export function causesText(
  { because, becauseOfSample }: FlagImpact,
  textOf = ({ text }: Cause): string => text,
): string {
  const texts = [...new Set(because.map(textOf))];
  if (texts.length === 0) return '';
  const told = [...texts.slice(0, MOST_TOLD), ...more(texts.length, 'other difference')].join('; ');
  return becauseOfSample ? `${told} (asked of a sample; there may be more)` : told;
}

/** The same for readers whom nobody chose: without the names of people, unless they are wanted. */
export function publicCausesText(flag: FlagImpact, { names }: ToldImpact): string {
  return causesText(flag, names ? undefined : namelessText);
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
