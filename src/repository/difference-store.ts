import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { resourceOf } from '../changes/difference/resource.js';
import type { Difference } from '../changes/difference.js';
import { BoundedMap } from './bounded-map.js';
import { type CacheFileHead, readCacheFile, writeCacheFile } from './cache-file.js';
import { codeVersion } from './code-version.js';
import { pause } from './slices.js';

/**
 * How many characters of JSON are kept: of 10,000 flags, what the commit that brought them says, and 10,000 changes. Few
 * texts take two bytes a character: it is some 30 MB when it is full.
 */
const MOST_CHARACTERS = 24_000_000;
/** How much of that may be filled before anybody has asked. */
const TOLD_IN_ADVANCE = 0.9;
/** What has more differences is neither written as text nor to the disk: that alone would hold everybody up. */
const MANY_DIFFERENCES = 2_000;
/** So many of those are kept until the end: some 40 MB. */
const MOST_OF_MANY = 100_000;
const ITEMS_A_LINE = 200;
/** A file of so many is read, checked and split in some 5 to 10 ms. */
const ITEMS_A_FILE = 1_000;

/**
 * The differences that were worked out once, by commit and resource: in memory, as JSON, and on disk for the next start.
 * What was not asked for the longest is dropped first, and worked out again when somebody asks.
 */
export class DifferenceStore {
  readonly #folder: string;
  readonly #texts = new BoundedMap<string, string>(MOST_CHARACTERS, (text) => text.length);
  readonly #many = new BoundedMap<string, readonly Difference[]>(MOST_OF_MANY, ({ length }) =>
    Math.min(length, MOST_OF_MANY),
  );
  #isRead = false;
  #unwritten = 0;

  constructor({ stateDir }: { readonly stateDir: string }) {
    this.#folder = join(stateDir, 'cache', 'differences');
  }

  /** How many came since it was last written. */
  get unwritten(): number {
    return this.#unwritten;
  }

  /** True where only what somebody asks for should still come in. */
  get isFull(): boolean {
    return this.#texts.fullness > TOLD_IN_ADVANCE;
  }

  has(key: string): boolean {
    return this.#texts.has(key) || this.#many.has(key);
  }

  get(key: string): readonly Difference[] | undefined {
    const text = this.#texts.get(key);
    return text === undefined ? this.#many.get(key) : fromText(text);
  }

  set(key: string, differences: readonly Difference[]): void {
    if (differences.length > MANY_DIFFERENCES) {
      this.#many.set(key, differences);
      return;
    }
    this.#texts.set(key, toText(differences));
    this.#unwritten += 1;
  }

  /** Takes in what the last start left, once; what is known already stays. */
  async read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    for (let number = 0; ; number += 1) {
      const lines = readCacheFile(this.#pathOf(number), headNow());
      if (lines === undefined) return;
      for (const line of lines) this.#take(line);
      await pause();
    }
  }

  /** Where the disk refuses, the next start works them out again. */
  async write(): Promise<void> {
    this.#unwritten = 0;
    const files = [...chunks([...this.#texts.entries()], ITEMS_A_FILE)];
    try {
      for (const [number, entries] of files.entries()) {
        const lines = [...chunks(entries, ITEMS_A_LINE)].map((line) => JSON.stringify(line));
        await writeCacheFile(this.#pathOf(number), headNow(), lines);
      }
      await rm(this.#pathOf(files.length), { force: true });
    } catch {
      // A file that is left from before is as true as the new ones.
    }
  }

  #take(line: string): void {
    for (const [key, text] of JSON.parse(line) as readonly (readonly [string, string])[])
      if (!this.#texts.has(key)) this.#texts.set(key, text);
  }

  #pathOf(number: number): string {
    return join(this.#folder, `${number}.json`);
  }
}

/** The differences of one file. What follows from its path is said once, or not at all: it is half of the text. */
type StoredFile = readonly [path: string, told: readonly Omit<Difference, 'path' | 'resource'>[]];

function toText(differences: readonly Difference[]): string {
  const files: [string, Omit<Difference, 'path' | 'resource'>[]][] = [];
  for (const { path, resource, ...told } of differences) {
    const last = files.at(-1);
    if (last?.[0] === path) last[1].push(told);
    else files.push([path, [told]]);
  }
  return JSON.stringify(files satisfies readonly StoredFile[]);
}

function fromText(text: string): readonly Difference[] {
  return (JSON.parse(text) as readonly StoredFile[]).flatMap(([path, all]) => {
    const resource = resourceOf(path);
    return all.map((told) => ({ path, resource, ...told }));
  });
}

function* chunks<Item>(items: readonly Item[], length: number): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += length) yield items.slice(at, at + length);
}

/** Other code may read files, or tell differences, in another way. */
function headNow(): CacheFileHead {
  head ??= { format: `differences 2 of ${codeVersion(['files', 'changes', 'evaluation'])}` };
  return head;
}

let head: CacheFileHead | undefined;
