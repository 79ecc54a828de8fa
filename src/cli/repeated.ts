/** Collects the words of an option that may stand several times. */
export function append(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}
