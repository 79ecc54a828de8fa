import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { Failure } from '../model/failure.js';
import { withoutFolders } from './index-cache-tree.js';
import {
  type IndexTarget,
  indexEntry,
  isStatSame,
  MODE_AT,
  MTIME_AT,
  OID_AT,
  PATH_AT,
  pathOffset,
  SIZE_AT,
  stageAt,
} from './index-entry.js';
import { unsupported } from './unsupported.js';

/**
 * Git's index, versions 2 and 3: the header, entries sorted by path, extensions, a SHA-1 of all that. Entries stay bytes,
 * so what is not meant to change cannot, and 10,000 of them are copied in one piece. Format: gitformat-index(5).
 */
export interface IndexFile {
  readonly version: 2 | 3;
  /** All entries, one behind the other. */
  readonly entries: Buffer;
  /** Where each of them begins in there. */
  readonly starts: readonly number[];
  readonly extensions: readonly IndexExtension[];
}

interface IndexExtension {
  readonly name: string;
  readonly bytes: Buffer;
}

const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 20;
/** Bit of the second flags: sparse checkout has taken the file out of the work tree. */
const SKIP_WORKTREE = 0x4000;

/** Reads an index; a missing one has no entries. Throws `Failure` REPOSITORY_UNSUPPORTED or INDEX_DAMAGED. */
export function parseIndex(bytes: Buffer | undefined): IndexFile {
  if (bytes === undefined) return { version: 2, entries: Buffer.alloc(0), starts: [], extensions: [] };
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || bytes.toString('latin1', 0, 4) !== 'DIRC')
    throw damagedIndex();
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw unsupported(`its index has version ${version}`);
  checkSum(bytes);
  const body = bytes.subarray(HEADER_BYTES, bytes.length - CHECKSUM_BYTES);
  const { starts, end } = parseEntries(body, bytes.readUInt32BE(8));
  return { version, entries: body.subarray(0, end), starts, extensions: parseExtensions(body, end) };
}

/** The bytes of an index. */
export function serializeIndex(index: IndexFile): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(index.version, 4);
  header.writeUInt32BE(index.starts.length, 8);
  const extensions = index.extensions.flatMap(({ name, bytes }) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32BE(bytes.length, 4);
    return [head, bytes];
  });
  const parts = [header, index.entries, ...extensions];
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return Buffer.concat([...parts, hash.digest()]);
}

/** The entry of a path. More than one, or a stage, means a conflict; then it is none. */
export function entryOf(
  index: IndexFile,
  path: string,
): { readonly oid: string; readonly mode: string } | undefined {
  const start = startOf(index, path);
  if (start === undefined) return undefined;
  return {
    oid: index.entries.toString('hex', start + OID_AT, start + OID_AT + 20),
    mode: index.entries.readUInt32BE(start + MODE_AT).toString(8),
  };
}

/** Where the same begins in `entries`. */
export function startOf(index: IndexFile, path: string): number | undefined {
  const name = byteName(path);
  const place = placeOf(index, name);
  const start = index.starts[place];
  const isThere = start !== undefined && pathAt(index, place) === name;
  return isThere && stageAt(index.entries, start) === 0 ? start : undefined;
}

/** True where the index has anything for this path, be it a side of a conflict, or for a path below it. */
export function isInIndex(index: IndexFile, path: string): boolean {
  const name = byteName(path);
  return pathAt(index, placeOf(index, name)) === name || pathsBelow(index, path).next().done !== true;
}

/** The paths below this one for which the index has anything. */
export function* pathsBelow(index: IndexFile, path: string): Generator<string, void> {
  for (const [below] of entriesBelow(index, path)) yield below;
}

/** The same with the place in `entries` where each begins; a path in conflict has several. */
export function* entriesBelow(
  index: IndexFile,
  path: string,
): Generator<[path: string, start: number], void> {
  const folder = `${byteName(path)}/`;
  for (let place = placeOf(index, folder); ; place += 1) {
    const name = pathAt(index, place);
    if (!name?.startsWith(folder)) return;
    yield [Buffer.from(name, 'latin1').toString(), startAt(index, place)];
  }
}

/** The index with these entries replaced, added, or (null) removed. What git keeps about folders of theirs is forgotten. */
export function withEntries(index: IndexFile, targets: ReadonlyMap<string, IndexTarget | null>): IndexFile {
  const entries: Buffer[] = [];
  const starts: number[] = [];
  let [from, length] = [0, 0];
  /** Takes over the entries up to this place. */
  const keep = (to: number): void => {
    const begin = startAt(index, from);
    for (const start of index.starts.slice(from, to)) starts.push(start - begin + length);
    const kept = index.entries.subarray(begin, startAt(index, to));
    entries.push(kept);
    length += kept.length;
    from = to;
  };
  const named = [...targets].map(([path, target]) => [byteName(path), target] as const);
  for (const [name, target] of named.sort(([one], [other]) => (one < other ? -1 : 1))) {
    const place = placeOf(index, name);
    keep(place);
    if (pathAt(index, place) === name) from = place + 1;
    if (target === null) continue;
    const entry = indexEntry(name, target);
    starts.push(length);
    entries.push(entry);
    length += entry.length;
  }
  keep(index.starts.length);
  const names = named.map(([name]) => name);
  const extensions = index.extensions.flatMap((old) => changedExtension(old, names));
  return { ...index, entries: Buffer.concat(entries), starts, extensions };
}

/** Those that are not named speak of places in the file or of all folders; git makes them again. */
function changedExtension(old: IndexExtension, names: readonly string[]): readonly IndexExtension[] {
  if (old.name === 'REUC') return [old];
  const bytes = old.name === 'TREE' ? withoutFolders(old.bytes, names) : undefined;
  return bytes === undefined ? [] : [{ name: old.name, bytes }];
}

/**
 * Git trusts an entry whose file has the same times and size, unless it is as young as the index itself. A new index is
 * younger, so entries that were not to be trusted must be marked (size 0: git compares the content) before it is written.
 */
export function withDistrust(
  index: IndexFile,
  writtenAt: BigIntStats,
  statOf: (path: string) => BigIntStats | undefined,
): IndexFile {
  const second = Number(writtenAt.mtimeNs / 1_000_000_000n);
  const young = index.starts.flatMap((start, place) => {
    const isYoung = index.entries.readUInt32BE(start + MTIME_AT) >= second;
    return isYoung && stageAt(index.entries, start) === 0 ? [{ start, place }] : [];
  });
  const distrusted = young.filter(({ start, place }, looks) => {
    const path = pathAt(index, place) ?? '';
    return looks >= LOOKS_LIMIT || !isStatSame(index.entries.subarray(start, start + OID_AT), statOf(path));
  });
  if (distrusted.length === 0) return index;
  const entries = Buffer.from(index.entries);
  for (const { start } of distrusted) entries.writeUInt32BE(0, start + SIZE_AT);
  return { ...index, entries };
}

/** So many files are looked at; beyond it git may do it when somebody asks for the status. */
const LOOKS_LIMIT = 200;

/** The path with one character for each byte, as `pathAt` gives it. */
function byteName(path: string): string {
  return Buffer.from(path).toString('latin1');
}

/** Where the path is, or would be, in git's order of bytes. */
function placeOf(index: IndexFile, path: string): number {
  let [low, high] = [0, index.starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pathAt(index, middle) ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** One character for each byte, so that the order of the texts is git's order of the bytes. */
function pathAt({ entries, starts }: IndexFile, place: number): string | undefined {
  const start = starts[place];
  if (start === undefined) return undefined;
  const from = start + pathOffset(entries, start);
  return entries.toString('latin1', from, entries.indexOf(0, from));
}

/** Where the entry begins; behind the last one, where they end. */
function startAt({ entries, starts }: IndexFile, place: number): number {
  return starts[place] ?? entries.length;
}

function parseEntries(bytes: Buffer, count: number): { starts: readonly number[]; end: number } {
  const starts: number[] = [];
  let at = 0;
  for (let number = 0; number < count; number += 1) {
    if (at + PATH_AT > bytes.length) throw damagedIndex();
    const from = at + pathOffset(bytes, at);
    const zero = bytes.indexOf(0, from);
    if (zero < 0) throw damagedIndex();
    if (from > at + PATH_AT && (bytes.readUInt16BE(at + PATH_AT) & SKIP_WORKTREE) !== 0)
      throw skipped(bytes.toString('utf8', from, zero));
    starts.push(at);
    at += (zero - at + 8) & ~7;
  }
  if (at > bytes.length) throw damagedIndex();
  return { starts, end: at };
}

function parseExtensions(bytes: Buffer, start: number): readonly IndexExtension[] {
  const extensions: IndexExtension[] = [];
  const end = bytes.length;
  for (let at = start; at < end; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = at + 8 <= end ? bytes.readUInt32BE(at + 4) : end;
    if (at + 8 + size > end) throw damagedIndex();
    if (name === 'link') throw unsupported('its index is split');
    if (name === 'sdir') throw unsupported('its index is sparse');
    // Git's own rule: a name that starts with a small letter must be understood.
    if (/^[a-z]/.test(name)) throw unsupported(`its index has the extension ${name}`);
    extensions.push({ name, bytes: bytes.subarray(at + 8, at + 8 + size) });
    at += 8 + size;
  }
  return extensions;
}

/** All zero is what git writes where it was told to skip the sum. */
function checkSum(bytes: Buffer): void {
  const end = bytes.length - CHECKSUM_BYTES;
  const stored = bytes.subarray(end);
  if (stored.every((byte) => byte === 0)) return;
  if (!createHash('sha1').update(bytes.subarray(0, end)).digest().equals(stored)) throw damagedIndex();
}

function damagedIndex(): Failure {
  return new Failure(
    'busy',
    'INDEX_DAMAGED',
    "git's index is damaged: `git reset` makes it again from the last commit",
  );
}

function skipped(path: string): Failure {
  const undo = `\`git update-index --no-skip-worktree ${path}\``;
  return unsupported(
    `${path} is left out of its work tree; \`git sparse-checkout disable\` or ${undo} brings it back`,
  );
}
