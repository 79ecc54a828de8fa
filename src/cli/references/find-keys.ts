import { ACCESSOR_FORM, CALL_PATTERNS, type CallPattern } from './call-patterns.js';
import type { Catalogue } from './catalogue.js';

/**
 * How sure it is that a flag is used there: code asks for it, or it is a text of its own in quotes, or it stands among
 * other words, as in a comment or a configuration.
 */
export type Certainty = 'asked' | 'quoted' | 'named';

/** A flag's key in a text; or what is used as one and is none. */
export interface KeyPlace {
  /** Of the key, in UTF-16 units from the beginning of the text. */
  readonly offset: number;
  readonly key: string;
  readonly certainty: Certainty;
  /** What asks: `getBooleanValue`. */
  readonly by: string | undefined;
  readonly isKnown: boolean;
}

/** What is looked for. */
export interface KeySearch {
  readonly catalogue: Catalogue;
  /** Forms of the caller's own, beside those that are known. */
  readonly patterns: readonly CallPattern[];
  /** True where the text tells people something: what stands there as code is not run. */
  readonly isProse: boolean;
}

const QUOTED = /(?<quote>['"`])(?<key>[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*)\k<quote>/dg;
/** A plain word, such as `theme`, says nothing: only those count that nobody writes by chance. Each is tried from its beginning alone. */
const WORD = /(?<![A-Za-z0-9])(?:[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)+|[A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*)/g;
/** What a line begins with that is not run, in most languages. */
const COMMENT_START = /^[ \t]*(?:\/\/|\/\*|\*|#|--|<!--|%)/;

/** Every place at which the text names a flag, in order. */
export function findKeys(text: string, search: KeySearch): readonly KeyPlace[] {
  const places = new Map<number, KeyPlace>();
  for (const pattern of [...search.patterns, ...CALL_PATTERNS]) addCalls(places, { text, pattern, search });
  addAccessors(places, text, search);
  addQuoted(places, text, search);
  addWords(places, text, search);
  return [...places.values()].sort((one, other) => one.offset - other.offset);
}

interface Calls {
  readonly text: string;
  readonly pattern: CallPattern;
  readonly search: KeySearch;
}

function addCalls(places: Map<number, KeyPlace>, { text, pattern, search }: Calls): void {
  for (const match of text.matchAll(pattern.form)) {
    const key = match.groups?.key ?? match[1];
    const offset = (match.indices?.groups?.key ?? match.indices?.[1])?.[0];
    if (key === undefined || offset === undefined || places.has(offset)) continue;
    const isKnown = search.catalogue.byKey.has(key);
    const isRun = !search.isProse && !isCommented(text, offset);
    if (!isKnown && !(pattern.isOnlyFlags && isRun)) continue;
    const certainty = isRun ? 'asked' : 'named';
    places.set(offset, { offset, key, certainty, by: isRun ? match.groups?.by : undefined, isKnown });
  }
}

function addAccessors(places: Map<number, KeyPlace>, text: string, { catalogue, isProse }: KeySearch): void {
  for (const match of text.matchAll(ACCESSOR_FORM)) {
    const { name = '', by } = match.groups ?? {};
    const key = catalogue.keyByName.get(name);
    const offset = match.indices?.groups?.name?.[0];
    if (key === undefined || offset === undefined || places.has(offset)) continue;
    const isRun = !isProse && !isCommented(text, offset);
    places.set(offset, {
      offset,
      key,
      certainty: isRun ? 'asked' : 'named',
      by: isRun ? `${name}.${by}` : undefined,
      isKnown: true,
    });
  }
}

function addQuoted(places: Map<number, KeyPlace>, text: string, { catalogue, isProse }: KeySearch): void {
  for (const match of text.matchAll(QUOTED)) {
    const key = match.groups?.key ?? '';
    const offset = match.index + 1;
    if (!catalogue.byKey.has(key) || places.has(offset)) continue;
    const certainty = isProse || isCommented(text, offset) ? 'named' : 'quoted';
    places.set(offset, { offset, key, certainty, by: undefined, isKnown: true });
  }
}

function addWords(places: Map<number, KeyPlace>, text: string, { catalogue }: KeySearch): void {
  for (const { word, offset } of wordsOf(text)) {
    const key = catalogue.byKey.has(word) ? word : catalogue.keyByName.get(word);
    if (key === undefined || !/[-_.]|[a-z][A-Z]/.test(word) || places.has(offset)) continue;
    places.set(offset, { offset, key, certainty: 'named', by: undefined, isKnown: true });
  }
}

/** Words with their dots, and without: `search.page` may be a key, and `new-checkout.yaml` names one. */
function* wordsOf(text: string): Generator<{ readonly word: string; readonly offset: number }> {
  for (const { 0: dotted, index } of text.matchAll(WORD)) {
    yield { word: dotted, offset: index };
    if (!dotted.includes('.')) continue;
    let offset = index;
    for (const word of dotted.split('.')) {
      yield { word, offset };
      offset += word.length + 1;
    }
  }
}

/** How far back the beginning of a line is looked for: that of a longer one is no comment. */
const LINE_LIMIT = 2_000;

function isCommented(text: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - LINE_LIMIT), offset);
  return COMMENT_START.test(before.slice(before.lastIndexOf('\n') + 1));
}
