import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { GitObject } from '../loose-object.js';
import type { TransportRepository } from './open-transport.js';

const deflated = promisify(deflate);

const TYPES: Readonly<Record<GitObject['type'], number>> = { commit: 1, tree: 2, blob: 3, tag: 4 };
const VERSION = 2;

/** A pack of these objects (gitformat-pack), whole ones, without deltas. */
export async function packBytes(repository: TransportRepository, oids: ReadonlySet<string>): Promise<Buffer> {
  const head = Buffer.from('PACK\0\0\0\0\0\0\0\0', 'latin1');
  head.writeUInt32BE(VERSION, 4);
  head.writeUInt32BE(oids.size, 8);
  const parts: Buffer[] = [head];
  for (const oid of oids) {
    const { type, bytes } = await repository.readObject(oid);
    parts.push(entryHead(TYPES[type], bytes.length), await deflated(bytes));
  }
  const pack = Buffer.concat(parts);
  return Buffer.concat([pack, createHash('sha1').update(pack).digest()]);
}

/** The type and the first four bits of the length, then seven bits a byte; all but the last have the highest bit. */
function entryHead(type: number, length: number): Buffer {
  const bytes = [(type << 4) | (length & 15)];
  for (let rest = Math.floor(length / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 128, rest & 127);
  }
  return Buffer.from(bytes);
}
