import { parseText } from '../files/parse.js';
import type { ParsedFile } from '../files/parsed.js';
import { placeOf } from '../files/paths.js';
import { readSource, type Source } from '../files/yaml-source.js';
import { textOf } from '../files/yaml-text.js';
import { Failure } from '../model/failure.js';
import type { BaseFiles, FileEdit } from './base-files.js';

/** The files as the changes so far would have them. */
export class Draft {
  readonly base: BaseFiles;
  readonly #texts = new Map<string, string | null>();
  /** What was read of the texts of now: reading is most of what an edit costs, and changes of a set share their files. */
  readonly #sources = new Map<string, Source>();
  /** The paths of the base by their names in small letters, once somebody asks. */
  #twins: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(base: BaseFiles) {
    this.base = base;
  }

  has(path: string): boolean {
    const text = this.#texts.get(path);
    return text === undefined ? this.base.paths.has(path) : text !== null;
  }

  /** The paths that begin so, of files that are there. */
  pathsBelow(folder: string): readonly string[] {
    const paths = new Set([...this.base.paths, ...this.#texts.keys()]);
    return [...paths].filter((path) => path.startsWith(folder) && this.has(path));
  }

  /** The paths that changes have written or removed. */
  touched(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** Undefined where it is not there. Throws FILE_BROKEN for what is no text. */
  read(path: string): string | undefined {
    const text = this.#texts.get(path);
    return text === undefined ? this.base.readText(path) : (text ?? undefined);
  }

  /** Undefined for what is no text, too, and for what git has lost. */
  readIfText(path: string): string | undefined {
    return ifText(() => this.read(path));
  }

  /** The version that is served of a file which no change has touched yet, where that is not the commit's own. */
  readLastGood(path: string): string | undefined {
    return this.#texts.has(path) ? undefined : this.base.readLastGood(path);
  }

  /** The file with its source ranges; undefined where it is not there. Throws FILE_BROKEN. */
  readSource(path: string): Source | undefined {
    const known = this.#sources.get(path);
    if (known !== undefined) return known;
    const text = this.read(path);
    const source = text === undefined ? undefined : readSource({ path, text });
    if (source !== undefined) this.#sources.set(path, source);
    return source;
  }

  put(path: string, text: string | null): void {
    this.#sources.delete(path);
    this.#texts.set(path, text);
  }

  putSource(source: Source): void {
    this.put(source.path, textOf(source));
    this.#sources.set(source.path, source);
  }

  /** The file of that name, or the one whose name differs only in case: some systems keep only one of them. */
  twinOf(path: string): string | undefined {
    const folded = path.toLowerCase();
    this.#twins ??= byFoldedName(this.base.paths);
    const fresh = [...this.#texts.keys()].filter((other) => other.toLowerCase() === folded);
    return [...(this.#twins.get(folded) ?? []), ...fresh].find((other) => this.has(other));
  }

  /** Files whose text is another one than the base has, one entry each. */
  edits(): readonly FileEdit[] {
    return [...this.#texts]
      .filter(([path, text]) => this.#isChanged(path, text))
      .map(([path, text]) => ({ path, text }));
  }

  /** A file as it is to be served; null for one that goes, and for one that is none of ours. */
  parsed(path: string): ParsedFile | null {
    const meaning = placeOf(path);
    const text = this.#texts.get(path) ?? null;
    if (meaning.kind !== 'file' || text === null) return null;
    return parseText(meaning.place.kind, text, this.#sources.get(path));
  }

  /** What cannot be read is another text than any. */
  #isChanged(path: string, text: string | null): boolean {
    if (!this.base.paths.has(path)) return text !== null;
    return text === null || text !== ifText(() => this.base.readText(path));
  }
}

function byFoldedName(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.toLowerCase();
    const twins = byName.get(name);
    if (twins === undefined) byName.set(name, [path]);
    else twins.push(path);
  }
  return byName;
}

function ifText(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
