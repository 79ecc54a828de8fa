const PIECE = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g;

/**
 * The first key that stands twice in one map of a text that is JSON: parsers keep the last of them, and nobody says which
 * was meant.
 */
export function repeatedJsonKey(text: string): string | undefined {
  /** The keys of the maps that are open; null for a list. */
  const open: (Set<string> | null)[] = [];
  for (const match of text.matchAll(PIECE)) {
    const [piece] = match;
    if (piece === '{') open.push(new Set());
    else if (piece === '[') open.push(null);
    else if (piece === '}' || piece === ']') open.pop();
    else if (isKey(text, match.index + piece.length)) {
      const keys = open.at(-1);
      const key = String(JSON.parse(piece));
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

/** True where a colon is next. */
function isKey(text: string, place: number): boolean {
  let at = place;
  while (/\s/.test(text.charAt(at))) at += 1;
  return text.charAt(at) === ':';
}
