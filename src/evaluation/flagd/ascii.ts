/** True of text whose characters are one unit in every encoding. */
export function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}
