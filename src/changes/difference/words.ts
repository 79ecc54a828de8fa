import type { JsonValue } from '../../model/values.js';

/** How long a value or a name may be in a sentence, in UTF-16 units. */
const WORD_LIMIT = 60;
/** How many names a sentence lists. */
const NAMES_LIMIT = 5;
/** How much stands before the first difference of two long texts. */
const LEAD = 12;

/** What can stand in a sentence without quotes. */
const BARE = /^[\p{L}\p{N}\p{M}\p{S}@#$%&*+\-./:;<=>?!^_|~[\]\\{}]+$/u;
/** What would be read as another type, or as a word of the sentence. */
const OTHER_TYPE = /^(?:true|false|null|and|or|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|.*→.*)$/;
/** What does not show, or changes how the rest shows. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A name or a value as it stands in a sentence, whole: text bare where it can be, all else as JSON. */
export function textOf(value: JsonValue): string {
  if (typeof value === 'string' && BARE.test(value) && !OTHER_TYPE.test(value)) return value;
  return JSON.stringify(value).replace(UNSEEN, escaped);
}

/** `textOf`, cut. */
export function wordOf(value: JsonValue): string {
  return cut(textOf(value), WORD_LIMIT);
}

/** Text in quotes, cut: for what people named in words of their own. */
export function quoted(text: string): string {
  return cut(JSON.stringify(text).replace(UNSEEN, escaped), WORD_LIMIT);
}

/** How one value became another; undefined is none: `blue → red`, `added: red`, `removed (was blue)`. */
export function changeOf(before: JsonValue | undefined, after: JsonValue | undefined): string {
  if (before === undefined) return after === undefined ? '' : `added: ${wordOf(after)}`;
  return after === undefined ? `removed (was ${wordOf(before)})` : arrow(textOf(before), textOf(after));
}

/** Both texts, each cut so that it shows where they begin to differ. */
export function arrow(before: string, after: string, limit = WORD_LIMIT): string {
  const [old, now] = cutPair(before, after, limit);
  return `${old} → ${now}`;
}

/** The two texts cut; where they are long and begin alike, from a little before their first difference. */
function cutPair(one: string, other: string, limit = WORD_LIMIT): readonly [string, string] {
  const same = one.length > limit || other.length > limit ? commonStart(one, other) : 0;
  const start = same > limit - 2 * LEAD ? same - LEAD : 0;
  return [cut(from(one, start), limit), cut(from(other, start), limit)];
}

/** The text, or its beginning and `…`. */
export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${whole(text.slice(0, limit - 1))}…`;
}

/** `a`, `a and b`, `a, b and c`. */
export function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

/** The first few of them, and how many more there are: `a, b, c, d, e and 7 more`. */
export function someOf(words: readonly string[]): string {
  if (words.length <= NAMES_LIMIT) return joinWords(words);
  return joinWords([...words.slice(0, NAMES_LIMIT), `${words.length - NAMES_LIMIT} more`]);
}

/** What came into a list and what left it: `web and api added, beta removed`. */
export function comingAndGoing(added: readonly string[], removed: readonly string[]): string {
  const parts = [
    ...(added.length > 0 ? [`${someOf(added)} added`] : []),
    ...(removed.length > 0 ? [`${someOf(removed)} removed`] : []),
  ];
  return parts.join(', ');
}

function escaped(character: string): string {
  return [...character].map((each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`).join('');
}

function commonStart(one: string, other: string): number {
  let same = 0;
  while (same < one.length && one.charCodeAt(same) === other.charCodeAt(same)) same += 1;
  return same;
}

function from(text: string, start: number): string {
  return start === 0 ? text : `…${whole(text.slice(start))}`;
}

/** Without the half of a character at either end. */
function whole(text: string): string {
  return text.replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '');
}
