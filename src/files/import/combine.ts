import type { Clause } from '../../model/clause.js';

/** All of them hold. A condition that everybody fulfils, or nobody, is true or false. */
export function allOf(parts: readonly (Clause | boolean)[]): Clause | boolean {
  if (parts.includes(false)) return false;
  const open = parts.filter((part) => typeof part !== 'boolean');
  const [first, second] = open;
  if (first === undefined) return true;
  return second === undefined ? first : { all: open };
}

/** One of them holds. */
export function anyOf(parts: readonly (Clause | boolean)[]): Clause | boolean {
  if (parts.includes(true)) return true;
  const open = parts.filter((part) => typeof part !== 'boolean');
  const [first, second] = open;
  if (first === undefined) return false;
  return second === undefined ? first : { any: open };
}

/** It does not hold. */
export function negated(part: Clause | boolean): Clause | boolean {
  if (typeof part === 'boolean') return !part;
  return 'not' in part ? part.not : { not: part };
}
