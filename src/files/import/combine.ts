import type { Clause } from '../../model/clause.js';
import { Inexact } from './draft.js';
import { tooMuch } from './size.js';

/** All of them hold. A condition that everybody fulfils, or nobody, is true or false. Throws `Inexact` where it is too large. */
export function allOf(parts: readonly (Clause | boolean)[]): Clause | boolean {
  if (parts.includes(false)) return false;
  const open = openParts(parts).flatMap((part) => ('all' in part ? part.all : [part]));
  const [first, second] = open;
  if (first === undefined) return true;
  return second === undefined ? first : bounded({ all: open });
}

/** One of them holds. Throws `Inexact` where it is too large. */
export function anyOf(parts: readonly (Clause | boolean)[]): Clause | boolean {
  if (parts.includes(true)) return true;
  const open = openParts(parts).flatMap((part) => ('any' in part ? part.any : [part]));
  const [first, second] = open;
  if (first === undefined) return false;
  return second === undefined ? first : bounded({ any: open });
}

/** It does not hold. Throws `Inexact` where it is too large. */
export function negated(part: Clause | boolean): Clause | boolean {
  if (typeof part === 'boolean') return !part;
  return 'not' in part ? part.not : bounded({ not: part });
}

function openParts(parts: readonly (Clause | boolean)[]): readonly Clause[] {
  return parts.filter((part) => typeof part !== 'boolean');
}

function bounded(clause: Clause): Clause {
  const reason = tooMuch([clause]);
  if (reason !== undefined) throw new Inexact('condition', reason);
  return clause;
}
