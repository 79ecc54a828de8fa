import type { Bucketer } from './compiled.js';

/** flagd's bucket, bit for bit: `floor(murmur3_x86_32(utf8(salt + value)) * total / 2^32)`, for totals up to 2^31 - 1. */
export const flagdBucketer: Bucketer = (salt, value, total) => scale(murmur3(salt, value), total);

/** `floor(hash * total / 2^32)`, in halves: the whole product can have 63 bits, more than a number holds exactly. */
function scale(hash: number, total: number): number {
  const high = (hash >>> 16) * total;
  const low = (hash & 0xffff) * total;
  return Math.floor((high + Math.floor(low / 0x10000)) / 0x10000);
}

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/**
 * MurmurHash3 x86 32-bit (Austin Appleby, public domain) of the UTF-8 bytes of `start + end`: a whole number from 0 to
 * 2^32 - 1. ASCII, nearly all there is, is hashed where it stands; lone surrogates count as U+FFFD.
 */
export function murmur3(start: string, end = '', seed = 0): number {
  const length = start.length + end.length;
  let hash = seed;
  let block = 0;
  for (let index = 0; index < length; index += 1) {
    const code = index < start.length ? start.charCodeAt(index) : end.charCodeAt(index - start.length);
    if (code > 0x7f) return murmur3Bytes(utf8.encode(start + end), seed);
    block |= code << ((index & 3) << 3);
    if ((index & 3) === 3) {
      hash = mixBlock(hash, block);
      block = 0;
    }
  }
  return finish(hash, block, length);
}

/** The same of bytes. */
export function murmur3Bytes(bytes: Uint8Array, seed = 0): number {
  let hash = seed;
  let block = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    block |= (bytes[index] ?? 0) << ((index & 3) << 3);
    if ((index & 3) === 3) {
      hash = mixBlock(hash, block);
      block = 0;
    }
  }
  return finish(hash, block, bytes.length);
}

const utf8 = new TextEncoder();

function mixBlock(hash: number, block: number): number {
  const mixed = hash ^ scramble(block);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(block: number): number {
  const product = Math.imul(block, C1);
  return Math.imul((product << 15) | (product >>> 17), C2);
}

function finish(state: number, tail: number, length: number): number {
  let hash = state ^ scramble(tail) ^ length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
