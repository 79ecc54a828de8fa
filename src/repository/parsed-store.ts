import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileKind, ParsedFile } from '../files/parsed.js';
import { type CacheFileHead, readCacheFile, writeCacheFile } from './cache-file.js';
import { codeVersion } from './code-version.js';
import type { OrgFiles } from './org-files.js';

/** How long no more changes must have come before they are written. */
const QUIET_MS = 2_000;
/** One line of a cache file holds so many files: read in about two milliseconds. */
const FILES_A_LINE = 200;

/** What a cache file keeps of one file: the id of its blob, and its parsed form. */
type StoredFile = readonly [blob: string, parsed: ParsedFile];

/**
 * The parsed form of every served file by kind and blob, on disk, so that a restart parses nothing: one file for each
 * organization. It may be deleted at any time.
 */
export class ParsedStore {
  readonly #repository: { readonly stateDir: string };
  readonly #head: CacheFileHead = { format: `parsed files of ${codeVersion(['evaluation', 'files'])}` };
  readonly #unwritten = new Map<string, OrgFiles>();
  #timer: NodeJS.Timeout | undefined;

  constructor(repository: { readonly stateDir: string }) {
    this.#repository = repository;
  }

  /** What the last start left, by `parsedKey`; empty where there is nothing that this version can use. */
  read(org: string): ReadonlyMap<string, ParsedFile> {
    const known = new Map<string, ParsedFile>();
    for (const line of readCacheFile(this.#pathOf(org), this.#head) ?? []) {
      for (const [blob, parsed] of JSON.parse(line) as readonly StoredFile[]) {
        known.set(parsedKey(parsed.kind, blob), parsed);
      }
    }
    return known;
  }

  /** Keeps exactly these, once no more changes have come for a while. */
  keep(org: string, files: OrgFiles): void {
    this.#unwritten.set(org, files);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), QUIET_MS).unref();
  }

  /** Where the disk refuses, the file stays: an organization that comes back finds it, or parses again. */
  remove(org: string): void {
    this.#unwritten.delete(org);
    void rm(this.#pathOf(org), { force: true }).catch(() => undefined);
  }

  /** Writes what is to be kept. Where the disk refuses, the next start parses again. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    for (const [org, files] of this.#unwritten) {
      this.#unwritten.delete(org);
      await writeCacheFile(this.#pathOf(org), this.#head, linesOf(files)).catch(() => undefined);
    }
  }

  #pathOf(org: string): string {
    return join(this.#repository.stateDir, 'cache', 'parsed', `${org}.json`);
  }
}

/** Under what a parsed form is known: the same bytes mean something else as a file of another kind. */
export function parsedKey(kind: FileKind, blob: string): string {
  return `${kind}:${blob}`;
}

/** What could not be read is not kept. */
function* linesOf({ files, unreadable }: OrgFiles): Generator<string> {
  const lost = new Set(unreadable.map((request) => request.blob));
  let line: StoredFile[] = [];
  for (const { blob, parsed } of files) {
    if (parsed !== undefined && !lost.has(blob)) line.push([blob, parsed]);
    if (line.length < FILES_A_LINE) continue;
    yield JSON.stringify(line);
    line = [];
  }
  if (line.length > 0) yield JSON.stringify(line);
}
