import type { ParsedNode } from 'yaml';
import type { JsonValue } from '../model/values.js';
import { plainValue } from './plain-value.js';
import { readSyntax } from './syntax.js';
import { BYTE_ORDER_MARK, type TextProblem } from './text.js';

/** A text, and what it holds as YAML. */
export interface YamlText {
  /** The byte order mark before the text, or nothing. */
  readonly mark: string;
  readonly text: string;
  readonly reading: Reading;
}

/** The one document of a text with its plain value, or why there is none. Offsets are into the text behind the mark. */
export type Reading =
  | {
      readonly kind: 'document';
      readonly root: ParsedNode;
      readonly value: JsonValue;
      /** Of keys and scalars. */
      readonly problems: readonly TextProblem[];
    }
  | { readonly kind: 'unreadable'; readonly problems: readonly TextProblem[] };

/**
 * Reads a text: the only way from text to a document, for those who serve it and those who edit it. `isUnlimited` lets
 * one pass that is too deep or too wide to be served.
 */
export function readYaml(whole: string, options: { readonly isUnlimited?: boolean } = {}): YamlText {
  const mark = whole.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const text = whole.slice(mark.length);
  const syntax = readSyntax(text, options);
  if (syntax.kind === 'problems') {
    return { mark, text, reading: { kind: 'unreadable', problems: syntax.problems } };
  }
  return { mark, text, reading: { kind: 'document', root: syntax.root, ...plainValue(syntax.root) } };
}

/** The whole text. */
export function textOf({ mark, text }: Pick<YamlText, 'mark' | 'text'>): string {
  return mark + text;
}
