import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { Failure } from '../model/failure.js';
import { withoutFolders } from './index-cache-tree.js';

/**
 * Git's index, versions 2 and 3: the header, entries sorted by path, extensions, a SHA-1 of all that. Entries are kept
 * as slices of bytes, so what is not meant to change cannot. Format: gitformat-index(5).
 */
export interface IndexFile {
  readonly version: 2 | 3;
  readonly entries: readonly IndexEntry[];
  readonly extensions: readonly IndexExtension[];
}

/** One entry. */
export interface IndexEntry {
  readonly path: string;
  /** 0, or the side of a conflict. */
  readonly stage: number;
  readonly bytes: Buffer;
}

/** What a working file is: the fields of an entry that git compares. */
export interface IndexTarget {
  readonly oid: string;
  /** Octal, as git writes it. */
  readonly mode: string;
  readonly stat: BigIntStats;
}

interface IndexExtension {
  readonly name: string;
  readonly bytes: Buffer;
}

const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 20;
const OID_AT = 40;
const FLAGS_AT = 60;
const PATH_AT = 62;
const EXTENDED = 0x4000;
const PATH_LENGTH_MAX = 0xfff;
/** Bit of the second flags: sparse checkout has taken the file out of the work tree. */
const SKIP_WORKTREE = 0x4000;

/** Reads an index; a missing one has no entries. Throws `Failure` REPOSITORY_UNSUPPORTED or INDEX_DAMAGED. */
export function parseIndex(bytes: Buffer | undefined): IndexFile {
  if (bytes === undefined) return { version: 2, entries: [], extensions: [] };
  if (bytes.length < HEADER_BYTES + CHECKSUM_BYTES || bytes.toString('latin1', 0, 4) !== 'DIRC')
    throw damagedIndex();
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) throw unsupported(`its index has version ${version}`);
  checkSum(bytes);
  const end = bytes.length - CHECKSUM_BYTES;
  const { entries, at } = parseEntries(bytes, bytes.readUInt32BE(8), end);
  return { version, entries, extensions: parseExtensions(bytes, at, end) };
}

/** The bytes of an index. */
export function serializeIndex(index: IndexFile): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('DIRC', 'latin1');
  header.writeUInt32BE(index.version, 4);
  header.writeUInt32BE(index.entries.length, 8);
  const extensions = index.extensions.flatMap(({ name, bytes }) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32BE(bytes.length, 4);
    return [head, bytes];
  });
  const body = Buffer.concat([header, ...index.entries.map((entry) => entry.bytes), ...extensions]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}

/** The entry of a path. More than one, or a stage, means a conflict; then it is none. */
export function entryOf(
  index: IndexFile,
  path: string,
): { readonly oid: string; readonly mode: string } | undefined {
  const entry = index.entries[placeOf(index.entries, path)];
  if (entry === undefined || entry.path !== path || entry.stage !== 0) return undefined;
  return {
    oid: entry.bytes.toString('hex', OID_AT, OID_AT + 20),
    mode: entry.bytes.readUInt32BE(24).toString(8),
  };
}

/** True where the index has anything for this path, be it a side of a conflict, or for a path below it. */
export function isInIndex(index: IndexFile, path: string): boolean {
  const [at, below] = [path, `${path}/`].map((name) => index.entries[placeOf(index.entries, name)]?.path);
  return at === path || below?.startsWith(`${path}/`) === true;
}

/** The index with these entries replaced, added, or (null) removed. What git keeps about folders of theirs is forgotten. */
export function withEntries(index: IndexFile, targets: ReadonlyMap<string, IndexTarget | null>): IndexFile {
  const entries = [...index.entries];
  for (const [path, target] of targets) {
    const place = placeOf(entries, path);
    const isThere = entries[place]?.path === path;
    entries.splice(place, isThere ? 1 : 0, ...(target === null ? [] : [indexEntry(path, target)]));
  }
  const paths = [...targets.keys()];
  return { ...index, entries, extensions: index.extensions.flatMap((old) => changedExtension(old, paths)) };
}

/** Those that are not named speak of places in the file or of all folders; git makes them again. */
function changedExtension(old: IndexExtension, paths: readonly string[]): readonly IndexExtension[] {
  if (old.name === 'REUC') return [old];
  const bytes = old.name === 'TREE' ? withoutFolders(old.bytes, paths) : undefined;
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
  let looks = 0;
  const entries = index.entries.map((entry) => {
    if (entry.bytes.readUInt32BE(8) < second || entry.stage !== 0) return entry;
    looks += 1;
    const isSame = looks <= LOOKS_LIMIT && isStatSame(entry.bytes, statOf(entry.path));
    return isSame ? entry : { ...entry, bytes: withSizeZero(entry.bytes) };
  });
  return { ...index, entries };
}

/** So many files are looked at; beyond it git may do it when somebody asks for the status. */
const LOOKS_LIMIT = 200;

function isStatSame(bytes: Buffer, stat: BigIntStats | undefined): boolean {
  if (stat === undefined) return false;
  const fresh = Buffer.from(bytes.subarray(0, OID_AT));
  writeStat(fresh, stat);
  fresh.writeUInt32BE(bytes.readUInt32BE(24), 24);
  return fresh.equals(bytes.subarray(0, OID_AT));
}

function withSizeZero(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32BE(0, 36);
  return copy;
}

function indexEntry(path: string, target: IndexTarget): IndexEntry {
  const name = Buffer.from(path);
  const bytes = Buffer.alloc((PATH_AT + name.length + 8) & ~7);
  writeStat(bytes, target.stat);
  bytes.writeUInt32BE(Number.parseInt(target.mode, 8), 24);
  bytes.write(target.oid, OID_AT, 'hex');
  bytes.writeUInt16BE(Math.min(name.length, PATH_LENGTH_MAX), FLAGS_AT);
  name.copy(bytes, PATH_AT);
  return { path, stage: 0, bytes };
}

/** Times, device, inode, owner and size, each cut to 32 bits as git does. */
function writeStat(bytes: Buffer, stat: BigIntStats): void {
  const low = (value: bigint): number => Number(BigInt.asUintN(32, value));
  const times = [stat.ctimeNs, stat.mtimeNs].flatMap((ns) => [
    low(ns / 1_000_000_000n),
    Number(ns % 1_000_000_000n),
  ]);
  for (const [place, value] of [...times, low(stat.dev), low(stat.ino)].entries())
    bytes.writeUInt32BE(value, place * 4);
  for (const [place, value] of [stat.uid, stat.gid, stat.size].entries())
    bytes.writeUInt32BE(low(value), 28 + place * 4);
}

/** Where the path is, or would be, in git's order of bytes; the paths asked for are ASCII. */
function placeOf(entries: readonly IndexEntry[], path: string): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.path ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return low;
}

function parseEntries(bytes: Buffer, count: number, end: number): { entries: IndexEntry[]; at: number } {
  const entries: IndexEntry[] = [];
  let at = HEADER_BYTES;
  for (let number = 0; number < count; number += 1) {
    const flags = at + PATH_AT <= end ? bytes.readUInt16BE(at + FLAGS_AT) : undefined;
    if (flags === undefined) throw damagedIndex();
    const isExtended = (flags & EXTENDED) !== 0;
    if (isExtended && (bytes.readUInt16BE(at + PATH_AT) & SKIP_WORKTREE) !== 0)
      throw unsupported('it is a sparse checkout');
    const pathAt = at + PATH_AT + (isExtended ? 2 : 0);
    const zero = bytes.indexOf(0, pathAt);
    if (zero < 0 || zero >= end) throw damagedIndex();
    const next = at + ((zero - at + 8) & ~7);
    // One character for each byte, so that the order of the texts is git's order of the bytes.
    entries.push({
      path: bytes.toString('latin1', pathAt, zero),
      stage: (flags >> 12) & 3,
      bytes: bytes.subarray(at, next),
    });
    at = next;
  }
  return { entries, at };
}

function parseExtensions(bytes: Buffer, start: number, end: number): readonly IndexExtension[] {
  const extensions: IndexExtension[] = [];
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

/** The refusal to write to a repository whose form is not understood; reading goes on. */
export function unsupported(why: string): Failure {
  return new Failure('busy', 'REPOSITORY_UNSUPPORTED', `Flagstaff cannot write to this repository: ${why}`);
}
