import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { STANDARD_INPUT } from '../../files/import/imported.js';
import { isSystemError, systemReason, WrongUse } from '../exit.js';
import { isFolder } from '../folder.js';
import type { Surroundings } from '../surroundings.js';

/** So many bytes are read in all; no tool writes more flags than fit into it. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The texts of a file, of all JSON and YAML files of a folder by their paths in it, or of standard input for `-`. Throws
 * `WrongUse` where there are none.
 */
export async function readTexts(named: string, around: Surroundings): Promise<ReadonlyMap<string, string>> {
  if (named === '-') return new Map([[STANDARD_INPUT, await around.readInput()]]);
  const place = path.resolve(around.cwd, named);
  try {
    return statSync(place).isDirectory()
      ? textsBelow(place, named)
      : new Map([[named, readText(place, named, MOST_BYTES)]]);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new WrongUse(`${named} cannot be read (${systemReason(error)})`);
  }
}

function textsBelow(folder: string, named: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = new Map(entries.map((entry) => [nameIn(folder, entry), entry]));
  const wanted = [...names]
    .filter(([name, entry]) => isRead(name, entry))
    .sort(([one], [other]) => (one < other ? -1 : 1));
  if (wanted.length === 0)
    throw new WrongUse(`${named}: there is no .json, .yaml or .yml file in this folder`);
  let left = MOST_BYTES;
  return new Map(
    wanted.map(([name, entry]) => {
      if (entry.isSymbolicLink())
        throw new WrongUse(`${name} is a symlink: name the folder that it leads to, or take it out`);
      const text = readText(path.join(folder, name), name, left);
      left -= Buffer.byteLength(text);
      return [name, text];
    }),
  );
}

function nameIn(folder: string, entry: Dirent): string {
  return path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/');
}

/** Symlinks are named where they lead to files of these kinds, or to folders that may have some. */
function isRead(name: string, entry: Dirent): boolean {
  if (/(?:^|\/)(?:\.|node_modules(?:\/|$))/.test(name)) return false;
  const isNamed = /\.(?:json|ya?ml)$/i.test(name);
  return entry.isSymbolicLink()
    ? isNamed || isFolder(path.join(entry.parentPath, entry.name))
    : isNamed && entry.isFile();
}

/** UTF-8 alone: of other bytes nobody would see that they were read otherwise. */
function readText(file: string, named: string, most: number): string {
  if (statSync(file).size > most)
    throw new WrongUse(`${named}: with it there are more than ${MOST_BYTES} bytes to read`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new WrongUse(`${named} is not UTF-8`);
  }
}
