import { ACCESSOR_FORM, CALL_PATTERNS, type KeyMatch, matchesOf } from './call-patterns.js';
import type { Catalogue } from './catalogue.js';
import type { OwnPattern } from './own-pattern.js';

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
  readonly patterns: readonly OwnPattern[];
  /** True where the text tells people something: what stands there as code is not run. */
  readonly isProse: boolean;
}

const QUOTED = /(?<quote>['"`])(?<key>[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*)\k<quote>/dg;
/** Words that nobody writes by chance: not `theme`. Each is tried from its beginning alone. */
const WORD = /(?<![A-Za-z0-9])(?:[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)+|[A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*)/g;
/**
 * Any word where a plain one may be a flag's name: a member (`flags.theme`, `flags->theme`), one of a list or its value
 * (`{ theme }`, `FLAG=theme`), and what a flag is asked by (`theme.value`).
 */
const NAMES = [
  /(?:\.|->|::)\s{0,99}(?<name>[A-Za-z_$][\w$]*)/dg,
  /(?:[{[,:=]\s{0,99}|^[ \t]{0,99}(?:-[ \t]{1,99})?)(?<name>[A-Za-z_$][\w$]*)(?=\s{0,99}(?:[,;:=}\])]|$))/dgm,
  /(?<![\w$])(?<name>[A-Za-z_$][\w$]*)(?=\s{0,99}\??\.\s{0,99}(?:value|details)\b)/dgi,
];
/** What a line begins with that is not run, in most languages. */
const COMMENT_START = /^[ \t]*(?:\/\/|\/\*|\*|#|--|<!--|%)/;

/** What was found so far, by its offset: one name may be that of several keys. */
type Places = Map<number, readonly KeyPlace[]>;

/** Every place at which the text names a flag, in order. */
export function findKeys(text: string, search: KeySearch): readonly KeyPlace[] {
  const places: Places = new Map();
  for (const pattern of search.patterns)
    addCalls(places, { text, matches: pattern(text), isOnlyFlags: true, search });
  for (const pattern of CALL_PATTERNS) {
    const { isOnlyFlags } = pattern;
    addCalls(places, { text, matches: matchesOf(pattern, text), isOnlyFlags, search });
  }
  addAccessors(places, text, search);
  addQuoted(places, text, search);
  addWords(places, text, search);
  if (!search.isProse) addNames(places, text, search);
  return [...places.values()].flat().sort((one, other) => one.offset - other.offset);
}

interface Calls {
  readonly text: string;
  readonly matches: Iterable<KeyMatch>;
  readonly isOnlyFlags: boolean;
  readonly search: KeySearch;
}

function addCalls(places: Places, { text, matches, isOnlyFlags, search }: Calls): void {
  for (const { key, offset, by } of matches) {
    if (places.has(offset)) continue;
    const isKnown = search.catalogue.byKey.has(key);
    const isRun = !search.isProse && !isCommented(text, offset);
    if (!isKnown && !(isOnlyFlags && isRun)) continue;
    const certainty = isRun ? 'asked' : 'named';
    places.set(offset, [{ offset, key, certainty, by: isRun ? by : undefined, isKnown }]);
  }
}

function addAccessors(places: Places, text: string, { catalogue, isProse }: KeySearch): void {
  for (const match of text.matchAll(ACCESSOR_FORM)) {
    const { name = '', by } = match.groups ?? {};
    const keys = catalogue.keysByName.get(name);
    const offset = match.indices?.groups?.name?.[0];
    if (keys === undefined || offset === undefined || places.has(offset)) continue;
    const isRun = !isProse && !isCommented(text, offset);
    const sure = { certainty: isRun ? 'asked' : 'named', by: isRun ? `${name}.${by}` : undefined } as const;
    places.set(
      offset,
      [...keys].map((key) => ({ offset, key, ...sure, isKnown: true })),
    );
  }
}

function addQuoted(places: Places, text: string, { catalogue, isProse }: KeySearch): void {
  for (const match of text.matchAll(QUOTED)) {
    const key = match.groups?.key ?? '';
    const offset = match.index + 1;
    if (!catalogue.byKey.has(key) || places.has(offset)) continue;
    const certainty = isProse || isCommented(text, offset) ? 'named' : 'quoted';
    places.set(offset, [{ offset, key, certainty, by: undefined, isKnown: true }]);
  }
}

function addWords(places: Places, text: string, { catalogue }: KeySearch): void {
  for (const { word, offset } of wordsOf(text))
    if (/[-_.]|[a-z][A-Z]/.test(word)) addNamed(places, { word, offset, catalogue });
}

function addNames(places: Places, text: string, { catalogue }: KeySearch): void {
  for (const form of NAMES) {
    for (const { groups, indices } of text.matchAll(form)) {
      const offset = indices?.groups?.name?.[0];
      if (offset !== undefined) addNamed(places, { word: groups?.name ?? '', offset, catalogue });
    }
  }
}

interface NamedWord {
  readonly word: string;
  readonly offset: number;
  readonly catalogue: Catalogue;
}

function addNamed(places: Places, { word, offset, catalogue }: NamedWord): void {
  if (places.has(offset)) return;
  const keys = new Set(catalogue.keysByName.get(word));
  if (catalogue.byKey.has(word)) keys.add(word);
  if (keys.size === 0) return;
  places.set(
    offset,
    [...keys].map((key) => ({ offset, key, certainty: 'named', by: undefined, isKnown: true })),
  );
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
