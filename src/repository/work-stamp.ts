import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER, isLeftAlone } from '../files/paths.js';
import { pause } from './slices.js';

/** How long the files must rest before they are read, in milliseconds: editors save in several steps. */
const QUIET_MS = 40;

/** Where a stamp is taken, and who may give up waiting for it. */
interface Resting {
  readonly dir: string;
  /** The stamp of what was read last. */
  readonly known: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The stamp of a work tree that rests: at once where it is the known one, else as soon as two in a row are the same. */
export async function restingStamp({ dir, known, signal }: Resting): Promise<string> {
  let stamp = await stampWorkTree(dir, signal);
  if (stamp === known) return stamp;
  for (;;) {
    await wait(QUIET_MS, undefined, { signal });
    const next = await stampWorkTree(dir, signal);
    if (next === stamp) return stamp;
    stamp = next;
  }
}

/** Another text whenever a file that `listWorkTree` lists may have changed: it looks at names, sizes and times alone. */
export async function stampWorkTree(dir: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha1');
  for (const top of [CONFIG_PATH, FLAGS_FOLDER]) await stampEntry(hash, `${dir}/${top}`, signal);
  return hash.digest('hex');
}

/** A folder is what is in it: its own times tell of editors' spare files too. */
async function stampEntry(hash: Hash, path: string, signal: AbortSignal | undefined): Promise<void> {
  await pause(signal);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  const isFolder = stat?.isDirectory() === true;
  hash.update(`${path}\0${stat?.mode}${isFolder ? '' : ` ${stat && identityOf(stat)}`}\n`);
  if (!isFolder) return;
  for (const name of readdirSync(path).sort())
    if (!isLeftAlone(name)) await stampEntry(hash, `${path}/${name}`, signal);
}

/** What the system says of a file. */
interface FileTimes {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** It cannot be set back, as the other one can. */
  readonly ctimeMs: number;
}

/** Another text after each change of a file, unless two changes are so close that the system gives them one time. */
export function identityOf({ ino, size, mtimeMs, ctimeMs }: FileTimes): string {
  return `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
}
