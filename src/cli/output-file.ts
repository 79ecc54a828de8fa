import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Surroundings } from './surroundings.js';

/** Writes a report into a file, whole or not at all: beside its name first. The path starts from the current folder. */
export function writeOutput(file: string, text: string, around: Pick<Surroundings, 'cwd'>): void {
  const target = path.resolve(around.cwd, file);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(temporary, text.endsWith('\n') ? text : `${text}\n`, { flag: 'wx' });
    renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}
