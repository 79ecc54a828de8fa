import type { Serve, Split } from '../../model/flag.js';
import type { JsonValue } from '../../model/values.js';
import type { Versions } from './part-difference.js';
import { isSame } from './same.js';
import { textOf } from './words.js';

/** True where both give the same to everybody: shares count, not the weights that they are written with. */
export function servesSame({ before, after }: Versions<Serve | undefined>): boolean {
  return before === after || isSame(serveMeaning(before), serveMeaning(after));
}

/** What is served, in words: `on`, `20 % on, 80 % off`, `the caller's own default`. Left out it is `on`. */
export function serveText(serve: Serve | undefined): string {
  if (serve === undefined) return 'on';
  if (serve === null) return "the caller's own default";
  if (typeof serve === 'string') return textOf(serve);
  return splitText(serve, (weight) => shareText(weight, sumOf(serve)));
}

/** Both in words; weights themselves where the shares would read alike. */
export function serveTexts({ before, after }: Versions<Serve | undefined>): Versions<string> {
  const texts = { before: serveText(before), after: serveText(after) };
  return texts.before === texts.after ? { before: weightsText(before), after: weightsText(after) } : texts;
}

/** People are placed in file order, so the order of a split counts; who has no weight gets nobody. */
function serveMeaning(serve: Serve | undefined): JsonValue {
  if (serve === undefined) return 'on';
  if (serve === null || typeof serve === 'string') return serve;
  const weights = Object.entries(serve).filter(([, weight]) => weight > 0);
  const [first, second] = weights;
  if (first !== undefined && second === undefined) return first[0];
  const divisor = weights.reduce((common, [, weight]) => greatestDivisor(common, weight), 0);
  return weights.map(([variant, weight]) => [variant, weight / divisor]);
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}

function weightsText(serve: Serve | undefined): string {
  if (serve === undefined || serve === null || typeof serve === 'string') return serveText(serve);
  return `weights ${splitText(serve, String)}`;
}

function splitText(split: Split, share: (weight: number) => string): string {
  return Object.entries(split)
    .map(([variant, weight]) => `${share(weight)} ${textOf(variant)}`)
    .join(', ');
}

function sumOf(split: Split): number {
  return Object.values(split).reduce((sum, weight) => sum + weight, 0);
}

/** The weight in per cent of the sum: exact with up to three decimals, else rounded to one, but never to nobody or all. */
function shareText(weight: number, sum: number): string {
  const thousandths = (weight * 100_000) / sum;
  if (Number.isInteger(thousandths)) return `${thousandths / 1000} %`;
  const rounded = (thousandths / 1000).toFixed(1);
  if (rounded === '0.0') return '<0.1 %';
  return rounded === '100.0' ? '>99.9 %' : `${rounded} %`;
}
