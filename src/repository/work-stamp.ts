import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER, isLeftAlone } from '../files/paths.js';
import { pause } from './slices.js';

/** How long the files must rest before they are read, in milliseconds: editors save in several steps. */
const QUIET_MS = 40;
/** At most one part in so many of the time goes into looking again where a watch tells of changes. */
const HEARD_SHARE = 500;
/** The same where the system refuses to watch, so that looking again is all there is. */
const UNHEARD_SHARE = 20;

/** The stamps of a work tree, for all in this process who follow it: what one has looked at, the others need not. */
export class RestingTree {
  readonly #dir: string;
  #stamp: string | undefined;
  /** How long the last walk took, and when it ended or the next began, in milliseconds of `performance.now()`. */
  #walkMs = 0;
  #walkedAt = 0;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The stamp of a work tree that rests: at once where it is the known one, else as soon as two in a row are the same. */
  async look(signal?: AbortSignal): Promise<string> {
    let stamp = await this.#walk(signal);
    while (stamp !== this.#stamp) {
      await wait(QUIET_MS, undefined, { signal });
      const next = await this.#walk(signal);
      if (next === stamp) this.#stamp = stamp;
      stamp = next;
    }
    return stamp;
  }

  /**
   * For who polls: the stamp of the last look, until so much time has passed since that the next one is a small part of
   * it. `isHeard` says that a watch tells of changes, and then somebody looks at once.
   */
  async glance({ isHeard, signal }: Glance): Promise<string> {
    const pauseMs = this.#walkMs * (isHeard ? HEARD_SHARE : UNHEARD_SHARE);
    const isDue = performance.now() - this.#walkedAt >= pauseMs;
    return this.#stamp === undefined || isDue ? this.look(signal) : this.#stamp;
  }

  async #walk(signal: AbortSignal | undefined): Promise<string> {
    const began = performance.now();
    // Who glances meanwhile need not walk too.
    this.#walkedAt = began;
    const stamp = await stampWorkTree(this.#dir, signal);
    this.#walkedAt = performance.now();
    this.#walkMs = this.#walkedAt - began;
    return stamp;
  }
}

/** How somebody polls. */
interface Glance {
  readonly isHeard: boolean;
  readonly signal?: AbortSignal | undefined;
}

const trees = new Map<string, RestingTree>();

/** The one of this folder. */
export function restingTree(dir: string): RestingTree {
  const tree = trees.get(dir) ?? new RestingTree(dir);
  trees.set(dir, tree);
  return tree;
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
