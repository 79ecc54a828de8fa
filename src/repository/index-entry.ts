import type { BigIntStats } from 'node:fs';

/** What a working file is: the fields of an entry that git compares. */
export interface IndexTarget {
  readonly oid: string;
  /** Octal, as git writes it. */
  readonly mode: string;
  /** Undefined for a submodule, of which git compares nothing else. */
  readonly stat: BigIntStats | undefined;
}

/** Where the fields of an entry are, in bytes from its start; times are seconds, then nanoseconds. */
export const CTIME_AT = 0;
export const MTIME_AT = 8;
export const INODE_AT = 20;
export const MODE_AT = 24;
export const SIZE_AT = 36;
export const OID_AT = 40;
const FLAGS_AT = 60;
export const PATH_AT = 62;
const EXTENDED = 0x4000;
const PATH_LENGTH_MAX = 0xfff;

/** The bytes of an entry; the path with one character for each byte. */
export function indexEntry(path: string, target: IndexTarget): Buffer {
  const name = Buffer.from(path, 'latin1');
  const bytes = Buffer.alloc((PATH_AT + name.length + 8) & ~7);
  if (target.stat !== undefined) writeStat(bytes, target.stat);
  bytes.writeUInt32BE(Number.parseInt(target.mode, 8), MODE_AT);
  bytes.write(target.oid, OID_AT, 'hex');
  bytes.writeUInt16BE(Math.min(name.length, PATH_LENGTH_MAX), FLAGS_AT);
  name.copy(bytes, PATH_AT);
  return bytes;
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

/** True where the entry's file has these times, this owner and this size. */
export function isStatSame(bytes: Buffer, stat: BigIntStats | undefined): boolean {
  if (stat === undefined) return false;
  const fresh = Buffer.from(bytes);
  writeStat(fresh, stat);
  fresh.writeUInt32BE(bytes.readUInt32BE(MODE_AT), MODE_AT);
  return fresh.equals(bytes);
}

/** 0, or the side of a conflict. */
export function stageAt(entries: Buffer, start: number): number {
  return (entries.readUInt16BE(start + FLAGS_AT) >> 12) & 3;
}

/** Where the path is in an entry. */
export function pathOffset(entries: Buffer, start: number): number {
  return (entries.readUInt16BE(start + FLAGS_AT) & EXTENDED) === 0 ? PATH_AT : PATH_AT + 2;
}
