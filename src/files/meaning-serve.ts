import type { Serve, Split } from '../model/flag.js';
import type { Pointer } from '../model/problem.js';
import { errorAt, type Issue, placed } from './issue.js';
import { suggestion } from './spelling.js';

/** The greatest sum that the bucket, 32 bits of hash, is spread over. */
const WEIGHTS_LIMIT = 2 ** 31 - 1;

/** What is served and where it is said: the place of the thing that serves, whose field `serve` may be left out. */
export interface ServePlace {
  readonly serve: Serve | undefined;
  readonly at: Pointer;
  /** The names of the flag's variants. */
  readonly variants: readonly string[];
}

/** What is wrong with a `serve`: a variant that is not there, weights without a sum, or left out where there is no `on`. */
export function judgeServe({ serve, at, variants }: ServePlace): Issue[] {
  const place = [...at, 'serve'];
  if (serve === null) return [];
  if (serve === undefined) return variants.includes('on') ? [] : [missingServe(at, variants)];
  if (typeof serve === 'string') return judgeVariant(serve, place, variants);
  const wrong = Object.keys(serve).filter((name) => !variants.includes(name));
  const free = variants.filter((name) => !Object.hasOwn(serve, name));
  return [
    ...wrong.map((name) => ({
      ...unknownVariant(name, [...place, name], free.length === 0 ? variants : free),
      part: 'key' as const,
    })),
    ...judgeWeights(serve, place),
  ];
}

/** What is wrong with the name of a variant. */
export function judgeVariant(name: string | undefined, at: Pointer, variants: readonly string[]): Issue[] {
  if (name === undefined || variants.includes(name)) return [];
  return [unknownVariant(name, at, variants)];
}

function unknownVariant(name: string, at: Pointer, wanted: readonly string[]): Issue {
  const sentence = `the flag has no variant ${name}; ${suggestion(name, wanted)}`;
  return errorAt(at, 'UNKNOWN_VARIANT', placed(at, sentence));
}

function missingServe(at: Pointer, variants: readonly string[]): Issue {
  const sentence = `serve is left out, but the flag has no variant on; one of ${variants.join(', ')} or null was wanted`;
  return errorAt(at, 'MISSING_SERVE', placed(at, sentence));
}

function judgeWeights(split: Split, at: Pointer): Issue[] {
  const sum = Object.values(split).reduce((total, weight) => total + weight, 0);
  if (sum >= 1 && sum <= WEIGHTS_LIMIT) return [];
  return [
    errorAt(at, 'INVALID_SPLIT', placed(at, `the weights' sum is ${sum}; 1 to ${WEIGHTS_LIMIT} was wanted`)),
  ];
}
