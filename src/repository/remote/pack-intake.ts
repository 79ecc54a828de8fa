import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import git from 'isomorphic-git';
import { machineDisk } from '../disk.js';
import { ensureStateFolder, temporaryName } from '../state-folder.js';
import type { TransportRepository } from './open-transport.js';
import { BrokenPackets } from './pkt-line.js';

const CHECKSUM_BYTES = 20;
const HEAD_BYTES = 12;

/**
 * Takes a pack in: first to a file beside the objects, checked against its own sum, then indexed, then both get their
 * names, flushed, the index last, for by it git finds the pack. Nothing points to its objects yet. Gives their ids.
 * Throws `BrokenPackets` where it is not whole.
 */
export async function takePackIn(
  repository: TransportRepository,
  bytes: AsyncIterable<Buffer>,
): Promise<ReadonlySet<string>> {
  const folder = ensureStateFolder(repository, 'tmp');
  const pack = `${temporaryName(join(folder, 'fetched'))}.pack`;
  const index = pack.replace(/pack$/, 'idx');
  try {
    const { sum, count } = await writeChecked(pack, bytes);
    if (count === 0) return new Set();
    const { oids } = await git.indexPack({
      ...{ fs, dir: dirname(pack), gitdir: repository.commonDir },
      filepath: basename(pack),
    });
    await place(repository, { pack, index, sum });
    return new Set(oids);
  } finally {
    for (const path of [pack, index]) machineDisk.remove(path);
  }
}

async function place(
  { commonDir }: TransportRepository,
  file: { readonly pack: string; readonly index: string; readonly sum: string },
): Promise<void> {
  const folder = join(commonDir, 'objects', 'pack');
  machineDisk.makeFolder(folder);
  for (const path of [file.pack, file.index]) {
    await machineDisk.sync(path);
    machineDisk.setMode(path, 0o444);
  }
  machineDisk.rename(file.pack, join(folder, `pack-${file.sum}.pack`));
  machineDisk.rename(file.index, join(folder, `pack-${file.sum}.idx`));
  await machineDisk.sync(folder);
}

interface Written {
  /** The sum at its end, in hexadecimal digits. */
  readonly sum: string;
  /** How many objects its head promises. */
  readonly count: number;
}

async function writeChecked(path: string, bytes: AsyncIterable<Buffer>): Promise<Written> {
  const file = await open(path, 'wx');
  try {
    return await copyChecked(file, bytes);
  } finally {
    await file.close();
  }
}

/** The last bytes of a pack are the sum of all before them; which are the last is known at the end. */
async function copyChecked(file: FileHandle, bytes: AsyncIterable<Buffer>): Promise<Written> {
  const hash = createHash('sha1');
  let head: Buffer = Buffer.alloc(0);
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    await file.appendFile(chunk);
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
    const held = Buffer.concat([tail, chunk]);
    const end = Math.max(0, held.length - CHECKSUM_BYTES);
    hash.update(held.subarray(0, end));
    tail = held.subarray(end);
  }
  const sum = tail.toString('hex');
  const isWhole = head.toString('latin1', 0, 4) === 'PACK' && hash.digest('hex') === sum;
  if (!isWhole) throw new BrokenPackets('the pack that it sent is not whole');
  return { sum, count: head.readUInt32BE(HEAD_BYTES - 4) };
}
