import { forkPoint } from '../../repository/remote/ancestry.js';
import { WrongUse } from '../exit.js';
import type { OpenPast } from '../past/open.js';

/** What is compared with what: revisions, or the work tree where the newer one is undefined. */
export interface Compared {
  readonly before: string;
  readonly after: string | undefined;
}

/** What a command line of `diff` means, as git reads it: `A B`, `A..B`, `A` beside the work tree, nothing for HEAD beside it. */
function readRevisions(words: readonly string[]): Compared {
  const [first = 'HEAD', second] = words;
  if (words.length > 2) throw new WrongUse(`wanted two revisions at most, got ${words.length}`);
  if (!first.includes('..')) return { before: first, after: second };
  const [before, after, ...more] = first.split('..');
  if (second !== undefined || more.length > 0 || after?.startsWith('.')) {
    throw notRevisions(words);
  }
  return { before: before || 'HEAD', after: after || 'HEAD' };
}

function notRevisions(words: readonly string[]): WrongUse {
  return new WrongUse(`wanted A B, A..B, A...B or A, got ${words.join(' ')}`);
}

/** The same, and what people call the two. */
export interface NamedCompared extends Compared {
  /** The revisions in their words (whole ids shortened), `the work tree`, or where two of them parted. */
  readonly names: { readonly before: string; readonly after: string };
}

/** So many digits of a commit's id tell it from the others. */
const SHORT = 10;

/**
 * The same, and `A...B`: what B changed since it left A, as a pull request shows it. The older one is the commit where
 * they part then. Throws `WrongUse` where they have none in this clone, and as `OpenPast.resolve` does.
 */
export async function compareRevisions(opened: OpenPast, words: readonly string[]): Promise<NamedCompared> {
  const [range = '', ...more] = words;
  const [one = '', other = '', ...others] = range.split('...');
  if (range.includes('....')) throw notRevisions(words);
  if (!range.includes('...') || more.length > 0 || others.length > 0) return withNames(readRevisions(words));
  const [left, right] = [one || 'HEAD', other || 'HEAD'];
  const after = await opened.resolve(right);
  const before = await forkPoint(opened.repository, { one: await opened.resolve(left), other: after });
  const parted = `where ${nameOf(left)} and ${nameOf(right)} parted`;
  if (before !== undefined) {
    return { before, after, names: { before: `${nameOf(before)}, ${parted}`, after: nameOf(right) } };
  }
  throw new WrongUse(
    `${range}: no common commit in this clone; where it is shallow, \`git fetch --unshallow\` (fetch-depth: 0) brings it`,
  );
}

function withNames(compared: Compared): NamedCompared {
  const { before, after = 'the work tree' } = compared;
  return { ...compared, names: { before: nameOf(before), after: nameOf(after) } };
}

function nameOf(revision: string): string {
  return /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, SHORT) : revision;
}
