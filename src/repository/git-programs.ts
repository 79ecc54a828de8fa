import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, sep } from 'node:path';

/** A process of the git program that runs in a clone. */
export interface GitProgram {
  readonly pid: number;
  /** `git commit`; its words are left out, for they may hold a password. */
  readonly command: string;
}

/**
 * The processes of git that run in one of these folders or below, as far as this user may see them; undefined where the
 * system does not tell. Linux tells it under /proc.
 */
export function runningGit(folders: readonly string[]): readonly GitProgram[] | undefined {
  const names = namesIn('/proc');
  if (names === undefined) return undefined;
  return names.flatMap((name) => (/^\d+$/.test(name) ? gitOf(Number(name), folders) : []));
}

function gitOf(pid: number, folders: readonly string[]): readonly GitProgram[] {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (!/^git(-|$)/.test(basename(words[0] ?? ''))) return [];
    const place = readlinkSync(`/proc/${pid}/cwd`);
    const isHere = folders.some((folder) => place === folder || place.startsWith(folder + sep));
    return isHere ? [{ pid, command: commandOf(words) }] : [];
  } catch {
    // It has ended, or is another user's.
    return [];
  }
}

/** Git's own options stand before the command, and some of them have a word of their own behind them. */
function commandOf([program = '', ...words]: readonly string[]): string {
  const withValue = new Set(['-c', '-C', '--git-dir', '--work-tree', '--namespace']);
  const isCommand = (word: string, at: number): boolean =>
    !word.startsWith('-') && !withValue.has(words[at - 1] ?? '');
  const command = words.find(isCommand);
  return [basename(program), command]
    .filter((word) => word !== undefined && /^[a-z][a-z-]*$/.test(word))
    .join(' ');
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}
