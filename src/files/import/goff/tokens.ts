import { Inexact } from '../draft.js';

/** One piece of a query. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'version'; readonly text: string }
  | { readonly kind: 'mark'; readonly text: string };

const PIECE =
  /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?)|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|([A-Za-z][A-Za-z0-9_:-]*(?:\.[A-Za-z][A-Za-z0-9_:-]*)*)|(==|!=|>=|<=|>|<|[()[\],]))/y;

const CROWDED = /[^\s=!<>](?:[=!]=|[<>]=?)|(?:[=!]=|[<>]=?)[^\s=]/;

/** The pieces of a query in the language of nikunjy/rules, which GO Feature Flag reads. Throws `Inexact`. */
export function tokensOf(query: string): readonly Token[] {
  const text = query.trim();
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (CROWDED.test(bare))
    throw new Inexact('query', 'a sign has no space before or behind it, and the tool refuses that');
  const tokens: Token[] = [];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const start = PIECE.lastIndex;
    const pieces = PIECE.exec(text);
    if (pieces === null)
      throw new Inexact('query', `${JSON.stringify(text.slice(start, start + 40))} is no part of a query`);
    tokens.push(tokenOf(pieces));
  }
  return tokens;
}

function tokenOf([, quoted, version, number, word, mark = '']: RegExpExecArray): Token {
  if (quoted !== undefined) return { kind: 'text', text: plainText(quoted) };
  if (version !== undefined) return { kind: 'version', text: version };
  if (number !== undefined) return { kind: 'number', value: Number(number) };
  return word === undefined ? { kind: 'mark', text: mark } : { kind: 'word', text: word };
}

/** Escapes stay as they are written there, so that such a text is another one than it looks. */
function plainText(quoted: string): string {
  if (quoted.includes('\\'))
    throw new Inexact('query', `${quoted} has an escape, which stays in the text there`);
  return quoted.slice(1, -1);
}
