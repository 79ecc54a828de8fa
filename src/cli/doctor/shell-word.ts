/** A path as a shell takes it for one word, whatever is in it. */
export function shellWord(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}
