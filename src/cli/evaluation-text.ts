import type { Evaluation } from '../model/evaluation.js';
import { unreachable } from '../model/unreachable.js';

/** An answer for people: a line for each of its parts. */
export function evaluationText(evaluation: Evaluation): string {
  switch (evaluation.kind) {
    case 'missing':
      return `error    ${evaluation.errorCode}`;
    case 'default':
      return lines([
        ['variant', 'none: the caller’s own default'],
        ['reason', evaluation.reason],
        ...facts(evaluation),
      ]);
    case 'value':
      return lines([
        ['variant', evaluation.variant],
        ['value', JSON.stringify(evaluation.value)],
        ['reason', evaluation.reason],
        ...facts(evaluation),
      ]);
    default:
      return unreachable(evaluation);
  }
}

type Line = readonly [name: string, text: string];

function facts({ metadata }: { readonly metadata: Readonly<Record<string, unknown>> }): Line[] {
  return Object.entries(metadata).map(([name, fact]) => [name, String(fact)]);
}

function lines(all: readonly Line[]): string {
  const width = Math.max(...all.map(([name]) => name.length));
  return all.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}
