import type { ParsedNode } from 'yaml';
import type { Pointer, ProblemCode, Severity } from '../model/problem.js';
import { type PointerPart, pointerOffset } from './pointer.js';
import type { TextProblem } from './text.js';

/** A problem by its place in the data, as the stages after YAML find it. */
export interface Issue {
  readonly at: Pointer;
  /** `key` where the name is wrong rather than what hangs on it. */
  readonly part?: PointerPart;
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
}

/** An error at a place in the data. */
export function errorAt(at: Pointer, code: ProblemCode, message: string): Issue {
  return { at, code, severity: 'error', message };
}

/** A warning at a place in the data. */
export function warningAt(at: Pointer, code: ProblemCode, message: string): Issue {
  return { at, code, severity: 'warning', message };
}

/** The place as people write it: `environments.production.rules[0].serve`; empty for the whole file. */
function pointerText(at: Pointer): string {
  return at
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

/** A sentence with its place before it. */
export function placed(at: Pointer, sentence: string): string {
  const text = pointerText(at);
  return text === '' ? sentence : `${text}: ${sentence}`;
}

/** The issue by its place in the text. */
export function inText(root: ParsedNode, { at, part, ...issue }: Issue): TextProblem {
  return { offset: pointerOffset(root, at, part ?? 'auto'), ...issue };
}
