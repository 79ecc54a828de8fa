import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, systemReason, WrongUse } from '../exit.js';
import type { Surroundings } from '../surroundings.js';

/** So many bytes are read in all; no tool writes more flags than fit into it. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The texts of a file, of all JSON and YAML files of a folder by their paths in it, or of standard input for `-`. Throws
 * `WrongUse` where there are none.
 */
export async function readTexts(named: string, around: Surroundings): Promise<ReadonlyMap<string, string>> {
  if (named === '-') return new Map([['standard input', await around.readInput()]]);
  const place = path.resolve(around.cwd, named);
  try {
    return statSync(place).isDirectory()
      ? textsBelow(place, named)
      : new Map([[named, readText(place, named)]]);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new WrongUse(`${named} cannot be read (${systemReason(error)})`);
  }
}

function textsBelow(folder: string, named: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile() && /\.(?:json|ya?ml)$/i.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((name) => !/(?:^|\/)(?:\.|node_modules\/)/.test(name))
    .sort();
  if (names.length === 0)
    throw new WrongUse(`${named}: there is no .json, .yaml or .yml file in this folder`);
  return new Map(names.map((name) => [name, readText(path.join(folder, name), name)]));
}

function readText(file: string, named: string): string {
  if (statSync(file).size > MOST_BYTES) throw new WrongUse(`${named} has more than ${MOST_BYTES} bytes`);
  const text = readFileSync(file, 'utf8');
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
