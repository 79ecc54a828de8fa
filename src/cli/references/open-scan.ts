import path from 'node:path';
import { WrongUse } from '../exit.js';
import { isFolder } from '../folder.js';
import type { Surroundings } from '../surroundings.js';
import type { CallPattern } from './call-patterns.js';
import type { Catalogue } from './catalogue.js';
import { type ScannedFile, scanSources } from './scan.js';
import { Tally } from './tally.js';

/** What people say of their code. */
export interface CodeOptions {
  /** Folders, from the current one. */
  readonly src: readonly string[];
  /** Regular expressions whose group `key`, or first group, is a key. */
  readonly pattern: readonly string[];
}

interface CodeScan {
  readonly catalogue: Catalogue;
  readonly repository: string;
  readonly around: Surroundings;
  /** Told of each file as it comes. */
  readonly onFile?: (file: ScannedFile, tally: Tally) => void;
}

/** Looks into all code. Throws `WrongUse` for a folder that is not there or has no file to read, and for a bad pattern. */
export async function tallyCode(
  { src, pattern }: CodeOptions,
  { catalogue, repository, around, onFile }: CodeScan,
): Promise<Tally> {
  const sources = src.map((folder) => sourceFolder(folder, around));
  const tally = new Tally(catalogue);
  const patterns = pattern.map(readPattern);
  for await (const file of scanSources({ sources, repository, catalogue, patterns }, around)) {
    tally.add(file);
    onFile?.(file, tally);
  }
  if (tally.files === 0)
    throw new WrongUse(`${src.join(', ')}: there is no file of code that git does not ignore`);
  return tally;
}

function sourceFolder(name: string, around: Surroundings): string {
  const folder = path.resolve(around.cwd, name);
  if (!isFolder(folder)) throw new WrongUse(`${name}: there is no such folder`);
  return folder;
}

/** `isOn\("([^"]+)"` */
function readPattern(text: string): CallPattern {
  try {
    const hasKey = new RegExp(`${text}|`).exec('');
    if (hasKey === null || hasKey.length < 2)
      throw new WrongUse(`--pattern ${text}: it has no group for the key`);
    return { form: new RegExp(text, 'dg'), isOnlyFlags: true };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new WrongUse(`--pattern ${text}: it is no regular expression`);
  }
}
