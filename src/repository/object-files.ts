import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What lies in a folder `objects`. */
export interface ObjectFiles {
  readonly packs: readonly { readonly name: string; readonly bytes: number }[];
  /** Objects that are in no pack; where there are many, about. */
  readonly loose: number;
  /** Packs that nobody finished: a `git fetch` or `git gc` was stopped. */
  readonly broken: readonly { readonly path: string; readonly bytes: number; readonly since: number }[];
}

/** Loose objects spread evenly over 256 folders; from these few the rest is known well enough. */
const SAMPLE = 16;
const FOLDERS = 256;

/** Looks at the names and sizes alone. Throws what the disk refuses. */
export function listObjectFiles(commonDir: string): ObjectFiles {
  const objects = join(commonDir, 'objects');
  const folder = join(objects, 'pack');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return {
    packs: names
      .filter((name) => name.endsWith('.pack'))
      .map((name) => ({ name, bytes: sizeOf(join(folder, name)) })),
    loose: countLoose(objects),
    broken: names.filter((name) => name.startsWith('tmp_')).flatMap((name) => unfinished(join(folder, name))),
  };
}

function countLoose(objects: string): number {
  const few = Array.from({ length: SAMPLE }, (_, at) => looseIn(objects, at * (FOLDERS / SAMPLE)));
  const counted = few.reduce((sum, each) => sum + each, 0);
  if (counted > SAMPLE) return counted * (FOLDERS / SAMPLE);
  return Array.from({ length: FOLDERS }, (_, at) => looseIn(objects, at)).reduce(
    (sum, each) => sum + each,
    0,
  );
}

function looseIn(objects: string, at: number): number {
  const folder = join(objects, at.toString(16).padStart(2, '0'));
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

function unfinished(path: string) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? [] : [{ path, bytes: stat.size, since: stat.mtimeMs }];
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
