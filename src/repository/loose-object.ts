import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { damaged } from './damage.js';
import { machineDisk } from './disk.js';

/** An object as git stores it. */
export interface GitObject {
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  /** Without the header. */
  readonly bytes: Buffer;
}

const OID = /^[0-9a-f]{40}$/;
const HEADER = /^(blob|tree|commit|tag) (\d+)$/;

/**
 * Reads `objects/ab/cdef…`, or undefined where it is not there; `large` where even packed it has more than so many bytes. Throws `Failure` REPOSITORY_DAMAGED where it is not what
 * its name says, and the disk's own error where that refuses.
 */
export function readLooseObject(
  objects: string,
  oid: string,
  mostBytes = Number.POSITIVE_INFINITY,
): GitObject | 'large' | undefined {
  const packed = machineDisk.read(`${objects}/${oid.slice(0, 2)}/${oid.slice(2)}`);
  if (packed === undefined) return undefined;
  if (packed.length > mostBytes) return 'large';
  const whole = inflate(packed, oid);
  if (createHash('sha1').update(whole).digest('hex') !== oid) {
    throw damaged(`object ${oid} is not what its name says`);
  }
  const end = whole.indexOf(0);
  const type = HEADER.exec(whole.toString('latin1', 0, end))?.[1];
  if (type === undefined) throw damaged(`object ${oid} has no header`);
  return { type: type as GitObject['type'], bytes: whole.subarray(end + 1) };
}

/** The ids of the loose objects whose names begin so: one folder is read. */
export function looseIds(objects: string, prefix: string): readonly string[] {
  const folder = prefix.slice(0, 2);
  const path = join(objects, folder);
  if (!existsSync(path)) return [];
  const ids = readdirSync(path).map((name) => folder + name);
  return ids.filter((id) => id.startsWith(prefix) && OID.test(id));
}

/** The id that git gives a file of these bytes. */
export function blobId(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function inflate(packed: Buffer, oid: string): Buffer {
  try {
    return inflateSync(packed);
  } catch (error) {
    throw damaged(`object ${oid} cannot be unpacked`, error);
  }
}
