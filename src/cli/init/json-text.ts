/** A value in a text of JSON, and where it stands there. */
export interface JsonNode {
  readonly start: number;
  /** Behind its last character. */
  readonly end: number;
  readonly value: unknown;
  /** What an object has, by name. */
  readonly fields: ReadonlyMap<string, JsonNode>;
  /** What a list or an object has, in order. */
  readonly parts: readonly JsonNode[];
}

/** A word of JSON; white space is stepped over. */
const WORD = /\s*("(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+)/gy;

/** Finds the values in a text that `JSON.parse` takes. */
export function readJsonText(text: string): JsonNode {
  const words = [...text.matchAll(WORD)].map((match) => {
    const word = match[1] ?? '';
    return { word, end: match.index + match[0].length };
  });
  return readNode({ text, words, next: 0 });
}

interface Reader {
  readonly text: string;
  readonly words: readonly { readonly word: string; readonly end: number }[];
  next: number;
}

function readNode(reader: Reader): JsonNode {
  const first = take(reader);
  const start = first.end - first.word.length;
  const fields = new Map<string, JsonNode>();
  const parts: JsonNode[] = [];
  let { end } = first;
  if (first.word === '{' || first.word === '[') {
    while (!/^[\]}]$/.test(peek(reader))) {
      if (peek(reader) === ',') take(reader);
      const name = first.word === '{' ? (JSON.parse(take(reader).word) as string) : undefined;
      if (name !== undefined) take(reader);
      const part = readNode(reader);
      parts.push(part);
      if (name !== undefined) fields.set(name, part);
    }
    end = take(reader).end;
  }
  return { start, end, value: JSON.parse(reader.text.slice(start, end)), fields, parts };
}

function peek({ words, next }: Reader): string {
  const found = words[next];
  if (found === undefined) throw new Error('the text is no JSON');
  return found.word;
}

function take(reader: Reader): { readonly word: string; readonly end: number } {
  peek(reader);
  const found = reader.words[reader.next];
  reader.next += 1;
  return found ?? { word: '', end: 0 };
}
