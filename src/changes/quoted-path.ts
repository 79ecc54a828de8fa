const NEEDS_NO_QUOTES = /^[ !#-[\]-~]*$/;
const ESCAPES: ReadonlyMap<number, string> = new Map(
  [...'\x07\b\t\n\v\f\r"\\'].map((sign, place) => [sign.charCodeAt(0), `\\${'abtnvfr"\\'[place]}`]),
);

/** A path as git writes it where `core.quotePath` is as git comes: between quotes, as bytes, where it has more than plain signs. */
export function quotedPath(path: string): string {
  if (NEEDS_NO_QUOTES.test(path)) return path;
  return `"${Array.from(Buffer.from(path), byteText).join('')}"`;
}

function byteText(byte: number): string {
  const letters = ESCAPES.get(byte);
  if (letters !== undefined) return letters;
  return byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte);
}
