import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { damaged } from './damage.js';
import { applyDelta, resultLength } from './delta.js';
import type { GitObject } from './loose-object.js';

/** The numbers of git's pack format (gitformat-pack, version 2) and of its index (version 2). */
const INDEX_MAGIC = 0xff744f63;
const INDEX_VERSION = 2;
const FANOUT_AT = 8;
const NAMES_AT = FANOUT_AT + 256 * 4;
const OID_BYTES = 20;
const CRC_BYTES = 4;
const OFFSET_BYTES = 4;
const OFS_DELTA = 6;
const REF_DELTA = 7;
const TYPES: Readonly<Record<number, GitObject['type']>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };

/** Most objects lie within one read of this size. */
const READ_BYTES = 4096;
/** Unpacked objects that are kept, because the next one is often a delta of them. */
const KEPT_BYTES = 8 * 1024 * 1024;

/** An entry of a pack, unpacked: an object, or a delta of another one. One that is too large is not unpacked. */
type Entry =
  | { readonly kind: 'object'; readonly object: GitObject }
  | { readonly kind: 'large' }
  | { readonly kind: 'delta'; readonly base: number | string; readonly bytes: Buffer };

/** One pack: its index in memory, its objects read where they lie. */
export class PackFile {
  readonly #index: Buffer;
  readonly #count: number;
  readonly #file: number;
  readonly #size: number;
  readonly #scratch = Buffer.alloc(READ_BYTES);
  readonly #kept = new Map<number, GitObject>();
  #keptBytes = 0;

  private constructor(index: Buffer, file: number) {
    this.#index = index;
    this.#count = index.readUInt32BE(NAMES_AT - 4);
    this.#file = file;
    this.#size = fstatSync(file).size;
  }

  /** Throws `Failure` REPOSITORY_DAMAGED for an index of version 1, which git has not written since 2007. */
  static open(indexPath: string): PackFile {
    const index = readFileSync(indexPath);
    const isKnown = index.length >= NAMES_AT && index.readUInt32BE(0) === INDEX_MAGIC;
    if (!isKnown || index.readUInt32BE(4) !== INDEX_VERSION) {
      throw damaged(`${indexPath} is no index of version 2, which \`git repack -a -d\` writes`);
    }
    return new PackFile(index, openSync(indexPath.replace(/idx$/, 'pack'), 'r'));
  }

  close(): void {
    closeSync(this.#file);
  }

  /**
   * Undefined where the pack does not have it; `large` where it has more than so many bytes, or builds on an object that
   * does. The caller checks the bytes against the id.
   */
  read(oid: string, mostBytes: number): GitObject | 'large' | undefined {
    const offset = this.#find(oid);
    return offset === undefined ? undefined : this.#readAt(offset, mostBytes);
  }

  /** The ids that begin with these hexadecimal digits, at least two; in order. */
  idsWith(prefix: string): readonly string[] {
    const ids: string[] = [];
    for (let place = this.#firstFrom(prefix); place < this.#count; place += 1) {
      const at = NAMES_AT + place * OID_BYTES;
      const id = this.#index.toString('hex', at, at + OID_BYTES);
      if (!id.startsWith(prefix)) break;
      ids.push(id);
    }
    return ids;
  }

  /** Deltas down to an object, then all of them applied, the last one first. */
  #readAt(start: number, mostBytes: number): GitObject | 'large' {
    const deltas: { readonly offset: number; readonly bytes: Buffer }[] = [];
    let offset = start;
    let object = this.#kept.get(offset);
    while (object === undefined) {
      const entry = this.#readEntry(offset, mostBytes);
      if (entry.kind === 'large') return 'large';
      if (entry.kind === 'object') object = this.#keep(offset, entry.object);
      else {
        if (resultLength(entry.bytes) > mostBytes) return 'large';
        deltas.push({ offset, bytes: entry.bytes });
        offset = this.#offsetOf(entry.base);
        object = this.#kept.get(offset);
      }
    }
    for (const { offset: at, bytes } of deltas.reverse()) {
      object = this.#keep(at, { type: object.type, bytes: applyDelta(object.bytes, bytes) });
    }
    return object;
  }

  #offsetOf(base: number | string): number {
    const offset = typeof base === 'number' ? base : this.#find(base);
    if (offset === undefined) throw damaged(`a pack lacks object ${base}, which another one builds on`);
    return offset;
  }

  #readEntry(offset: number, mostBytes: number): Entry {
    const head = this.#bytesAt(offset, READ_BYTES);
    let at = 0;
    let byte = head.readUInt8(at++);
    const type = (byte >> 4) & 7;
    let size = byte & 15;
    for (let scale = 16; byte & 128; scale *= 128) {
      byte = head.readUInt8(at++);
      size += (byte & 127) * scale;
    }
    if (size > mostBytes) return { kind: 'large' };
    if (type === OFS_DELTA) {
      byte = head.readUInt8(at++);
      let distance = byte & 127;
      while (byte & 128) {
        byte = head.readUInt8(at++);
        distance = (distance + 1) * 128 + (byte & 127);
      }
      return { kind: 'delta', base: offset - distance, bytes: this.#inflate(head, offset, at, size) };
    }
    if (type === REF_DELTA) {
      const base = head.toString('hex', at, at + OID_BYTES);
      return { kind: 'delta', base, bytes: this.#inflate(head, offset, at + OID_BYTES, size) };
    }
    const name = TYPES[type];
    if (name === undefined) throw damaged(`a pack has an entry of type ${type}`);
    return { kind: 'object', object: { type: name, bytes: this.#inflate(head, offset, at, size) } };
  }

  /** The packed length is not written anywhere; zlib never makes bytes much longer, and stops at its own end. */
  #inflate(head: Buffer, offset: number, at: number, size: number): Buffer {
    const most = size + (size >> 8) + 128;
    const packed = at + most <= head.length ? head.subarray(at) : this.#bytesAt(offset + at, most);
    const bytes = inflateSync(packed, { maxOutputLength: Math.max(size, 1) });
    if (bytes.length !== size)
      throw damaged(`a pack has an entry of ${bytes.length} bytes instead of ${size}`);
    return bytes;
  }

  #bytesAt(offset: number, length: number): Buffer {
    const most = Math.max(0, Math.min(length, this.#size - offset));
    const buffer = most <= this.#scratch.length ? this.#scratch : Buffer.allocUnsafe(most);
    return buffer.subarray(0, readSync(this.#file, buffer, 0, most, offset));
  }

  #find(oid: string): number | undefined {
    const place = this.#firstFrom(oid);
    const at = NAMES_AT + place * OID_BYTES;
    const isIt = place < this.#count && this.#index.toString('hex', at, at + OID_BYTES) === oid;
    return isIt ? this.#offsetAt(place) : undefined;
  }

  /** The place of the first id that is not before these digits. */
  #firstFrom(prefix: string): number {
    const name = Buffer.from(prefix.padEnd(2 * OID_BYTES, '0'), 'hex');
    const first = name.readUInt8(0);
    let low = first === 0 ? 0 : this.#index.readUInt32BE(FANOUT_AT + (first - 1) * 4);
    let high = this.#index.readUInt32BE(FANOUT_AT + first * 4);
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = NAMES_AT + middle * OID_BYTES;
      if (this.#index.compare(name, 0, OID_BYTES, at, at + OID_BYTES) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Offsets from 2 GiB on stand in a table of their own. */
  #offsetAt(place: number): number {
    const table = NAMES_AT + this.#count * (OID_BYTES + CRC_BYTES);
    const offset = this.#index.readUInt32BE(table + place * OFFSET_BYTES);
    if (offset < 0x80000000) return offset;
    const large = table + this.#count * OFFSET_BYTES + (offset - 0x80000000) * 8;
    return Number(this.#index.readBigUInt64BE(large));
  }

  #keep(offset: number, object: GitObject): GitObject {
    this.#kept.set(offset, object);
    this.#keptBytes += object.bytes.length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES || oldest === offset) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= bytes.length;
    }
    return object;
  }
}
