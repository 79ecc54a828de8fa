import { isDeepStrictEqual } from 'node:util';
import type { Evaluation } from '../../model/evaluation.js';
import type { Variants } from '../../model/flag.js';
import type { JsonValue } from '../../model/values.js';

/** An answer that somebody expects. */
export interface Expectation {
  /** As it was written. */
  readonly text: string;
  /** True where the answer is the expected one. */
  readonly isMet: (evaluation: Evaluation) => boolean;
  /** True where a flag of these variants can give it. */
  readonly isOneOf: (variants: Variants) => boolean;
}

/** Reads a variant's name, or a value as JSON: `on`, `true`, `"blue"`; `null` is no value, the caller's own default. */
export function readExpectation(text: string): Expectation {
  const value = parseValue(text);
  const isMet = (evaluation: Evaluation): boolean => {
    if (evaluation.kind === 'missing') return false;
    if (evaluation.kind === 'default') return value === null;
    return evaluation.variant === text || isDeepStrictEqual(evaluation.value, value);
  };
  const isOneOf = (variants: Variants): boolean =>
    value === null ||
    Object.hasOwn(variants, text) ||
    Object.values(variants).some((one) => isDeepStrictEqual(one, value));
  return { text, isMet, isOneOf };
}

/** Undefined, which no value is, for what is no JSON. */
function parseValue(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
