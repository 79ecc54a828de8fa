import { damaged } from './damage.js';

/** Reads a delta byte by byte. */
interface Reader {
  readonly bytes: Buffer;
  at: number;
}

const COPY = 0x80;
/** A copy of no stated length has this one. */
const DEFAULT_LENGTH = 0x10000;

/** Makes an object from another one and git's delta: two lengths, then copies from the base and bytes of its own. */
export function applyDelta(base: Buffer, delta: Buffer): Buffer {
  const reader: Reader = { bytes: delta, at: 0 };
  if (readLength(reader) !== base.length) throw damaged('a delta belongs to another object');
  const result = Buffer.allocUnsafe(readLength(reader));
  let end = 0;
  while (reader.at < delta.length) {
    const code = delta.readUInt8(reader.at++);
    if (code & COPY) end += copyFromBase(reader, code, base, result, end);
    else end += copyFromDelta(reader, code, result, end);
  }
  if (end !== result.length) throw damaged('a delta makes an object of another length');
  return result;
}

/** How many bytes the object has that a delta makes. */
export function resultLength(delta: Buffer): number {
  const reader: Reader = { bytes: delta, at: 0 };
  readLength(reader);
  return readLength(reader);
}

function copyFromBase(reader: Reader, code: number, base: Buffer, result: Buffer, end: number): number {
  const offset = readParts(reader, code, 4);
  const length = readParts(reader, code >> 4, 3) || DEFAULT_LENGTH;
  if (offset + length > base.length) throw damaged('a delta copies from beyond its base');
  return base.copy(result, end, offset, offset + length);
}

function copyFromDelta(reader: Reader, length: number, result: Buffer, end: number): number {
  if (length === 0) throw damaged('a delta has an unknown instruction');
  const start = reader.at;
  reader.at += length;
  return reader.bytes.copy(result, end, start, start + length);
}

/** Little-endian, and only those bytes are there whose bit is set. */
function readParts(reader: Reader, bits: number, count: number): number {
  let value = 0;
  for (let part = 0; part < count; part += 1) {
    if (bits & (1 << part)) value += reader.bytes.readUInt8(reader.at++) * 256 ** part;
  }
  return value;
}

function readLength(reader: Reader): number {
  let length = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.bytes.readUInt8(reader.at++);
    length += (byte & 127) * scale;
    if (byte < 128) return length;
  }
}
