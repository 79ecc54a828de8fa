import { appendFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILLER = 'filler';

/** Takes all room of the folder's file system but so many blocks. */
export function fillDisk(dir: string, blocksLeft: number): void {
  const { bavail, bsize } = statfsSync(dir);
  writeFileSync(join(dir, FILLER), '');
  appendFileSync(join(dir, FILLER), Buffer.alloc((bavail - blocksLeft) * bsize));
}

/** Gives it back. */
export function makeRoom(dir: string): void {
  rmSync(join(dir, FILLER));
}
