import type { FlagFile, FlagType, Variants } from '../../model/flag.js';
import { parseFlagKey, parseSegmentKey } from '../../model/keys.js';
import type { OverridesFile } from '../../model/override.js';
import type { SegmentFile } from '../../model/segment.js';
import type { JsonValue } from '../../model/values.js';
import { clausesOf, usedAttributes } from './attributes.js';
import type { Effect, Imported, ImportedFile, NotCarried } from './imported.js';
import { withoutLost } from './lost.js';
import { tooMuch } from './size.js';

/** Something stands in the way of carrying a flag exactly; who drafts the flag catches it. */
export class Inexact extends Error {
  readonly construct: string;

  constructor(construct: string, reason: string) {
    super(reason);
    this.construct = construct;
  }
}

/** Notes something about the flag that is being drafted. */
export type Note = (effect: Exclude<Effect, 'left out'>, construct: string, reason: string) => void;

/** What a flag becomes. */
export interface DraftedFlag {
  readonly value: FlagFile;
  readonly overrides?: OverridesFile;
}

/** Gathers what an importer finds. A flag that throws `Inexact` is left out, with the reason, and so are those that ask for it. */
export class Draft {
  readonly #flags = new Map<string, DraftedFlag>();
  readonly #segments = new Map<string, SegmentFile>();
  /** In lower case: two that differ only in case are no two files everywhere. */
  readonly #flagNames = new Set<string>();
  readonly #segmentNames = new Set<string>();
  /** What is said of the whole source is said once. */
  readonly #told = new Set<string>();
  readonly #notes: NotCarried[] = [];
  #found = 0;

  /**
   * Drafts one flag. `make` returns its file, and throws `Inexact` where some caller would get another value. Keys that
   * are none here leave the flag out: the code that asks for it names it so.
   */
  flag(key: string, make: (note: Note) => DraftedFlag): void {
    this.#found += 1;
    const notes: NotCarried[] = [];
    const note: Note = (effect, construct, reason) => {
      const isKnown = notes.some((one) => one.construct === construct && one.reason === reason);
      if (!isKnown) notes.push({ flag: key, construct, effect, reason });
    };
    try {
      this.#refuseKey(key);
      this.#flags.set(key, bounded(key, make(note)));
      this.#flagNames.add(key.toLowerCase());
      this.#notes.push(...notes);
    } catch (error) {
      if (!(error instanceof Inexact)) throw error;
      this.#notes.push({ flag: key, construct: error.construct, effect: 'left out', reason: error.message });
    }
  }

  /** Adds another flag that belongs to one that was found: what is made of it besides. */
  beside(key: string, owner: string, value: FlagFile): void {
    if (!this.#flags.has(owner)) return;
    if (parseFlagKey(key) === undefined || this.#flagNames.has(key.toLowerCase())) {
      throw new Error(`${key}: who drafts ${owner} chooses a key that is free`);
    }
    this.#flags.set(key, { value });
    this.#flagNames.add(key.toLowerCase());
  }

  /** Adds a segment under a key that is free and one of ours, and returns that key. */
  segment(name: string, value: SegmentFile): string {
    const key = freeName(segmentKeyOf(name), (one) => this.#segmentNames.has(one.toLowerCase()));
    this.#segmentNames.add(key.toLowerCase());
    this.#segments.set(key, value);
    if (key !== name)
      this.about('renamed', 'segment', `segment ${JSON.stringify(name)} is called ${key} here`);
    return key;
  }

  /** Notes something about the whole source. */
  about(effect: Effect, construct: string, reason: string): void {
    const words = `${construct} ${reason}`;
    if (this.#told.has(words)) return;
    this.#told.add(words);
    this.#notes.push({ flag: undefined, construct, effect, reason });
  }

  /** All of it. Segments that no flag asks for stay. */
  done(): Imported {
    const files: ImportedFile[] = [];
    for (const [key, value] of this.#segments) files.push({ kind: 'segment', key, value });
    for (const [key, { value, overrides = [] }] of this.#flags) {
      files.push({ kind: 'flag', key, value });
      if (overrides.length > 0) files.push({ kind: 'overrides', key, value: overrides });
    }
    const kept = withoutLost({ files, notCarried: this.#notes });
    return { ...kept, attributes: usedAttributes(kept.files), found: this.#found };
  }

  #refuseKey(key: string): void {
    if (parseFlagKey(key) === undefined) throw new Inexact('key', NO_KEY);
    if (this.#flagNames.has(key.toLowerCase()))
      throw new Inexact('key', 'another flag has the same key, or one that differs only in case');
  }
}

/** Throws `Inexact` where the rules are more than a file holds. */
function bounded(key: string, flag: DraftedFlag): DraftedFlag {
  const reason = tooMuch(clausesOf({ kind: 'flag', key, value: flag.value }));
  if (reason !== undefined) throw new Inexact('rules', reason);
  return flag;
}

const NO_KEY =
  'the key is none here: letters and digits joined by -, _ or ., with a letter among them, up to 100 characters';

/** Variants under names that are ours, and their type. */
export interface NamedVariants {
  readonly type: FlagType;
  readonly variants: Variants;
  /** Our name of a variant, by the source's. */
  readonly nameOf: ReadonlyMap<string, string>;
}

/** Names a source's variants, in its order; `entries` is of its names and values. Throws `Inexact` where their types differ. */
export function nameVariants(entries: readonly (readonly [string, JsonValue])[], note: Note): NamedVariants {
  if (entries.length === 0) throw new Inexact('variants', 'the flag has no variants');
  if (entries.length > 100) throw new Inexact('variants', 'the flag has more than 100 variants');
  const nameOf = new Map<string, string>();
  const variants: Record<string, JsonValue> = {};
  for (const [theirs, value] of entries) {
    const name = freeName(variantName(theirs), (one) => Object.hasOwn(variants, one));
    if (name !== theirs) {
      note(
        'renamed',
        'variant',
        `variant ${JSON.stringify(theirs)} is called ${name} here, with the same value`,
      );
    }
    nameOf.set(theirs, name);
    variants[name] = value;
  }
  return { type: commonType(Object.values(variants)), variants, nameOf };
}

/** The type that all the values have. Throws `Inexact` where there is none. */
export function commonType(values: readonly JsonValue[]): FlagType {
  const types = new Set(values.map(typeOf));
  const [type] = types;
  if (types.size === 1 && type !== undefined && type !== 'none') return type;
  const reason = types.has('none')
    ? 'a variant is null or a list, and no type of flag here has such values'
    : 'its variants have values of several types, and a flag here has one';
  throw new Inexact('variants', reason);
}

function typeOf(value: JsonValue): FlagType | 'none' {
  if (typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return typeof value as FlagType;
  return value === null || Array.isArray(value) ? 'none' : 'object';
}

/** What a name becomes where names have this form. */
function variantName(theirs: string): string {
  if (/^[A-Za-z][A-Za-z0-9_.-]*$/.test(theirs) && theirs.length <= 100 && !(theirs in {})) return theirs;
  const words = theirs.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
  const name = /^[A-Za-z]/.test(words) ? words : `v${words}`;
  return name in {} ? `v-${name}` : name.slice(0, 90);
}

/** Words joined as keys and rules' ids are: `Beta testers!` is `beta-testers`. Empty where nothing of it may stay. */
export function slug(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 60)
    .replace(/-+$/, '');
}

function segmentKeyOf(name: string): string {
  if (parseSegmentKey(name) !== undefined) return name;
  const key = slug(name);
  return parseSegmentKey(key) === undefined ? `segment-${key}`.replace(/-+$/, '') : key;
}

/** The name, or the first of `name-2`, `name-3` that is free. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let number = 2; ; number += 1) if (!isTaken(`${name}-${number}`)) return `${name}-${number}`;
}
