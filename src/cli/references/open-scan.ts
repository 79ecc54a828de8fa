import { statSync } from 'node:fs';
import path from 'node:path';
import { WrongUse } from '../exit.js';
import type { Surroundings } from '../surroundings.js';
import type { Catalogue } from './catalogue.js';
import { readPattern } from './own-pattern.js';
import { type ScannedFile, scanSources } from './scan.js';
import { Tally } from './tally.js';

/** What people say of their code. */
export interface CodeOptions {
  /** Folders and files, from the current folder. */
  readonly src: readonly string[];
  /** Regular expressions, as `readPattern` reads them. */
  readonly pattern: readonly string[];
}

interface CodeScan {
  readonly catalogue: Catalogue;
  readonly repository: string;
  readonly around: Surroundings;
  /** Told of each file as it comes. */
  readonly onFile?: (file: ScannedFile, tally: Tally) => void;
}

/** Looks into all code. Throws `WrongUse` for what is not there or has no file to read, and for a bad pattern. */
export async function tallyCode(
  { src, pattern }: CodeOptions,
  { catalogue, repository, around, onFile }: CodeScan,
): Promise<Tally> {
  const sources = src.map((name) => sourcePath(name, around));
  const tally = new Tally(catalogue);
  const patterns = pattern.map((source) => readPattern(source));
  for await (const file of scanSources({ sources, repository, catalogue, patterns }, around)) {
    tally.add(file);
    onFile?.(file, tally);
  }
  if (tally.files === 0)
    throw new WrongUse(
      `${src.join(', ')}: there is no file of code that can be read and that git does not ignore`,
    );
  return tally;
}

function sourcePath(name: string, around: Surroundings): string {
  const source = path.resolve(around.cwd, name);
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat?.isDirectory() || stat?.isFile()) return source;
  throw new WrongUse(`${name}: there is no such folder, nor a file`);
}
