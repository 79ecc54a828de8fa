import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, systemReason, WrongUse } from './exit.js';
import type { Surroundings } from './surroundings.js';

/** A report, and the file that it is written into. The path starts from the current folder. */
export interface Output {
  readonly file: string;
  readonly text: string;
}

const QUIETLY = { throwIfNoEntry: false } as const;

type Place = Pick<Surroundings, 'cwd'>;

/** Writes one file, as `writeOutputs` does. */
export function writeOutput(file: string, text: string, around: Place): void {
  writeOutputs([{ file, text }], around);
}

/**
 * Writes all of them or none, each whole: beside its name first. A link stays and what it leads to is written; a file
 * keeps its mode. What is no file, a pipe or a device, takes the text itself. Throws `WrongUse` where one cannot be
 * written.
 */
export function writeOutputs(outputs: readonly Output[], around: Place): void {
  const begun: Begun[] = [];
  try {
    for (const output of outputs) asked(output, () => begun.push(begin(output, around)));
    // A text that is written beside its name already only takes the name, which fails hardly ever.
    begun.sort((one, other) => Number(one.temporary !== undefined) - Number(other.temporary !== undefined));
    for (const { output, finish } of begun) asked(output, finish);
  } finally {
    for (const { temporary } of begun) if (temporary !== undefined) rmSync(temporary, { force: true });
  }
}

/** True where both paths lead to the same place. */
export function isSameOutput(one: string, other: string, around: Place): boolean {
  return targetOf(one, around) === targetOf(other, around);
}

interface Begun {
  readonly output: Output;
  /** Holds the text until it takes its name. */
  readonly temporary?: string;
  readonly finish: () => void;
}

function begin(output: Output, around: Place): Begun {
  const text = output.text.endsWith('\n') ? output.text : `${output.text}\n`;
  const target = targetOf(output.file, around);
  // Of a link that leads nowhere yet only the link itself is known.
  const known = statSync(target, QUIETLY) ?? lstatSync(target, QUIETLY);
  if (known !== undefined && !known.isFile()) return { output, finish: () => writeFileSync(target, text) };
  const temporary = path.join(path.dirname(target), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    // Nobody may read it in between who may not read the file.
    writeFileSync(temporary, text, { flag: 'wx', mode: known?.mode ?? 0o666 });
    if (known !== undefined) chmodSync(temporary, known.mode);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return { output, temporary, finish: () => renameSync(temporary, target) };
}

/** Where a path leads; one that leads nowhere yet stands for itself. */
function targetOf(file: string, { cwd }: Place): string {
  const target = path.resolve(cwd, file);
  try {
    return realpathSync(target);
  } catch (error) {
    if (isSystemError(error)) return target;
    throw error;
  }
}

/** In the words that were asked with: the names beside the file are nobody's. */
function asked(output: Output, write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new WrongUse(`${output.file}: ${reasonOf(error, output)}`);
  }
}

function reasonOf(error: NodeJS.ErrnoException, { file }: Output): string {
  if (error.code === 'EISDIR') return 'is a folder';
  const isNowhere = error.code === 'ENOENT' || error.code === 'ENOTDIR';
  return isNowhere ? `the folder ${path.dirname(file)} is not there` : systemReason(error);
}
