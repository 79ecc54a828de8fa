/** Further than this is another word, not a slip. */
const SLIPS_LIMIT = 2;

/** Names what is there for a name that is not: the one it may be a slip of, else some of them. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean ${near}?`;
  const shown = known.slice(0, 20).join(', ');
  return known.length === 0 ? 'there is none' : `known: ${shown}${known.length > 20 ? ', …' : ''}`;
}

/** Looking through all keys of a large project takes up to some milliseconds, and the first names tell what went wrong. */
const HINTS_LIMIT = 10;

/** Makes what one file's names that are not found are told with: `; did you mean on?` or nothing, nothing after the first few. */
export function hintsOfFile(): (name: string, known: readonly string[]) => string {
  let given = 0;
  return (name, known) => {
    given += 1;
    const near = given > HINTS_LIMIT ? undefined : nearest(name, known);
    return near === undefined ? '' : `; did you mean ${near}?`;
  };
}

/** The name that is at most two slips away, or undefined. Of one list, what can be kept is kept for the next question. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const { words, answers } = vocabularyOf(known);
  if (!answers.has(name)) answers.set(name, nearestWord(wordOf(name), words));
  return answers.get(name);
}

/** A name, prepared for comparing. */
interface Word {
  readonly name: string;
  readonly letters: string;
  /** One bit for each kind of letter in it; several kinds may share one. */
  readonly kinds: number;
}

interface Vocabulary {
  readonly words: readonly Word[];
  readonly answers: Map<string, string | undefined>;
}

/** A project has thousands of keys, and a bad commit may ask for the nearest of them a thousand times. */
const vocabularies = new WeakMap<readonly string[], Vocabulary>();

function vocabularyOf(known: readonly string[]): Vocabulary {
  const before = vocabularies.get(known);
  if (before !== undefined) return before;
  const made: Vocabulary = { words: known.map(wordOf), answers: new Map() };
  vocabularies.set(known, made);
  return made;
}

function wordOf(name: string): Word {
  const letters = name.toLowerCase();
  let kinds = 0;
  for (let place = 0; place < letters.length; place += 1) kinds |= 1 << (letters.charCodeAt(place) & 31);
  return { name, letters, kinds };
}

function nearestWord(wanted: Word, words: readonly Word[]): string | undefined {
  let best: string | undefined;
  let fewest = Math.min(SLIPS_LIMIT, Math.floor(wanted.letters.length / 2)) + 1;
  for (const word of words) {
    if (!canBeWithin(wanted, word, fewest - 1)) continue;
    const slips = slipsBetween(wanted.letters, word.letters, fewest - 1);
    if (slips < fewest) [best, fewest] = [word.name, slips];
  }
  return best;
}

/** A slip changes the length by at most one, and brings or takes at most one kind of letter. */
function canBeWithin(one: Word, other: Word, slips: number): boolean {
  return (
    Math.abs(one.letters.length - other.letters.length) <= slips &&
    hasBitsUpTo(one.kinds & ~other.kinds, slips) &&
    hasBitsUpTo(other.kinds & ~one.kinds, slips)
  );
}

function hasBitsUpTo(bits: number, most: number): boolean {
  let left = bits;
  for (let count = 0; count < most; count += 1) left &= left - 1;
  return left === 0;
}

/**
 * How many letters must be added, dropped, changed or swapped with the next one (optimal string alignment); some greater
 * number where it is more than `most`.
 */
function slipsBetween(one: string, other: string, most: number): number {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const left = one.slice(start);
  const right = other.slice(start);
  if (left === '' || right === '') return left.length + right.length;
  if (most === 0) return 1;
  const isSwap = left[0] === right[1] && left[1] === right[0];
  return (
    1 +
    Math.min(
      slipsBetween(left.slice(1), right.slice(1), most - 1),
      slipsBetween(left.slice(1), right, most - 1),
      slipsBetween(left, right.slice(1), most - 1),
      isSwap ? slipsBetween(left.slice(2), right.slice(2), most - 1) : most,
    )
  );
}
