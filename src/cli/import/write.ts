import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../model/failure.js';
import { machineDisk } from '../../repository/disk.js';
import { hasRealFolders } from '../../repository/work-files.js';
import type { DraftFile } from '../create/judge.js';

/** A file to write, by its absolute path. */
export interface WholeFile {
  readonly target: string;
  readonly text: string;
}

/**
 * The drafts whose file is there already. Throws `Failure` NOT_A_FILE where something else stands in the way: through a
 * symlink a write would go elsewhere.
 */
export function takenDrafts(folder: string, drafts: readonly DraftFile[]): readonly DraftFile[] {
  return drafts.filter((draft) => {
    if (!hasRealFolders(machineDisk, folder, draft.path)) throw inTheWay(draft.path, 'a part of its path');
    const stat = machineDisk.stat(path.join(folder, draft.path));
    if (stat !== undefined && !stat.isFile()) throw inTheWay(draft.path, 'what is there');
    return stat !== undefined;
  });
}

function inTheWay(name: string, what: string): Failure {
  const sentence = `nothing was written: ${name} cannot be a file, for ${what} is a symlink or of another kind`;
  return new Failure('conflict', 'NOT_A_FILE', sentence, { data: { details: { path: name } } });
}

/** Writes all files or none: each beside its place first. What was there before comes back where one cannot be placed. */
export function writeTogether(files: readonly WholeFile[]): void {
  const suffix = `.${randomBytes(6).toString('hex')}.tmp`;
  const undo: (() => void)[] = [];
  try {
    for (const { target, text } of files) {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target + suffix, text, { flag: 'wx' });
    }
    for (const { target } of files) undo.push(place(target + suffix, target));
  } catch (error) {
    for (const step of undo) step();
    throw error;
  } finally {
    for (const { target } of files) rmSync(target + suffix, { force: true });
  }
}

/** Gives what puts back what was there. */
function place(from: string, target: string): () => void {
  const before = machineDisk.stat(target) === undefined ? undefined : readFileSync(target);
  renameSync(from, target);
  return () => (before === undefined ? rmSync(target) : writeFileSync(target, before));
}
