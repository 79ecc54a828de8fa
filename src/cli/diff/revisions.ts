import { WrongUse } from '../exit.js';

/** What is compared with what: revisions, or the work tree where the newer one is undefined. */
interface Compared {
  readonly before: string;
  readonly after: string | undefined;
}

/** What a command line of `diff` means, as git reads it: `A B`, `A..B`, `A` beside the work tree, nothing for HEAD beside it. */
export function readRevisions(words: readonly string[]): Compared {
  const [first = 'HEAD', second] = words;
  if (!first.includes('..')) return { before: first, after: second };
  const [before, after, ...more] = first.split('..');
  if (second !== undefined || more.length > 0 || after?.startsWith('.')) {
    throw new WrongUse(`diff: wanted A B, A..B or A, got ${words.join(' ')}`);
  }
  return { before: before || 'HEAD', after: after || 'HEAD' };
}
