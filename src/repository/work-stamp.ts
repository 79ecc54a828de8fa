import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER, isLeftAlone } from '../files/paths.js';
import { watchFolder } from './folder-watch.js';
import { pause } from './slices.js';
import type { Watching } from './watch.js';
import { WatchedFolders, type WatchFolder } from './watched-folders.js';

/** How long the files must rest before they are read, in milliseconds: editors save in several steps. */
const QUIET_MS = 40;
/** At most one part in so many of the time goes into looking again where the system tells of changes. */
const HEARD_SHARE = 100;
/** The same where it refuses to watch a folder, so that looking again is all there is. */
const UNHEARD_SHARE = 20;
/** What nobody told of, such as a write through mapped memory, is seen after so many milliseconds, however long a walk took. */
const MOST_PAUSE_MS = 5_000;

/**
 * A work tree, for all in this process who follow it: it is watched once, and what one has looked at, the others need not.
 * Each walk over the files tells which folders there are to be watched.
 */
export class RestingTree {
  readonly #dir: string;
  readonly #followers = new Set<Follower>();
  readonly #watched: WatchedFolders;
  readonly #mostPauseMs: number;
  #due: NodeJS.Immediate | undefined;
  #stamp: string | undefined;
  /** How long the last walk took, and when it ended or the next began, in milliseconds of `performance.now()`. */
  #walkMs = 0;
  #walkedAt = 0;

  constructor(dir: string, { watch = watchFolder, mostPauseMs = MOST_PAUSE_MS }: TreeOptions = {}) {
    this.#dir = dir;
    this.#mostPauseMs = mostPauseMs;
    this.#watched = new WatchedFolders({ onName: (folder, name) => this.#hear(folder, name), watch });
  }

  /**
   * Calls after each change that the system tells of, from the next look on; once for all in one turn of the event loop.
   * It keeps no process alive. What is called must not throw.
   */
  follow(onChange: () => void): Watching {
    const follower = { onChange };
    this.#followers.add(follower);
    return {
      close: async () => {
        this.#followers.delete(follower);
        if (this.#followers.size === 0) this.#watched.close();
      },
    };
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
   * For who polls, and looks where he is told of a change: the stamp of the last look, until so much time has passed since
   * that the next one is a small part of it.
   */
  async glance(signal?: AbortSignal): Promise<string> {
    const share = this.#watched.isWhole ? HEARD_SHARE : UNHEARD_SHARE;
    const pauseMs = Math.min(this.#walkMs * share, this.#mostPauseMs);
    const isDue = performance.now() - this.#walkedAt >= pauseMs;
    return this.#stamp === undefined || isDue ? this.look(signal) : this.#stamp;
  }

  async #walk(signal: AbortSignal | undefined): Promise<string> {
    const began = performance.now();
    // Who glances meanwhile need not walk too.
    this.#walkedAt = began;
    const { stamp, folders } = await walkWorkTree(this.#dir, signal);
    // One that began later knows better which folders there are.
    if (this.#walkedAt !== began) return stamp;
    this.#walkedAt = performance.now();
    this.#walkMs = this.#walkedAt - began;
    // What changed in a folder before it was watched, nobody has told of.
    if (this.#followers.size > 0 && this.#watched.keep(folders)) this.#tell();
    return stamp;
  }

  #hear(folder: string, name: string | null): void {
    const isTop = folder === this.#dir;
    if (name !== null && (isTop ? name !== CONFIG_PATH && name !== FLAGS_FOLDER : isLeftAlone(name))) return;
    this.#tell();
  }

  #tell(): void {
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      for (const { onChange } of this.#followers) onChange();
    });
  }
}

/** How a work tree is followed. */
interface TreeOptions {
  /** Chokidar's where it is left out. */
  readonly watch?: WatchFolder;
  /** How long a glance may be an older look, in milliseconds; 5,000 where it is left out. */
  readonly mostPauseMs?: number;
}

interface Follower {
  readonly onChange: () => void;
}

const trees = new Map<string, RestingTree>();

/** The one of this folder. */
export function restingTree(dir: string): RestingTree {
  const tree = trees.get(dir) ?? new RestingTree(dir);
  trees.set(dir, tree);
  return tree;
}

/** What a walk over a work tree saw. */
interface Walk {
  /** Another text whenever a file that `listWorkTree` lists may have changed: names, sizes and times alone are looked at. */
  readonly stamp: string;
  /** Where such files are and may come to be, the top first. */
  readonly folders: ReadonlySet<string>;
}

/** Looks at every file of a work tree. */
export async function walkWorkTree(dir: string, signal?: AbortSignal): Promise<Walk> {
  const walking = { hash: createHash('sha1'), folders: new Set([dir]), signal };
  for (const top of [CONFIG_PATH, FLAGS_FOLDER]) await walkEntry(`${dir}/${top}`, walking);
  return { stamp: walking.hash.digest('hex'), folders: walking.folders };
}

interface Walking {
  readonly hash: Hash;
  readonly folders: Set<string>;
  readonly signal: AbortSignal | undefined;
}

/** A folder is what is in it: its own times tell of editors' spare files too. */
async function walkEntry(path: string, walking: Walking): Promise<void> {
  await pause(walking.signal);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  const isFolder = stat?.isDirectory() === true;
  walking.hash.update(`${path}\0${stat?.mode}${isFolder ? '' : ` ${stat && identityOf(stat)}`}\n`);
  if (!isFolder) return;
  walking.folders.add(path);
  for (const name of readdirSync(path).sort())
    if (!isLeftAlone(name)) await walkEntry(`${path}/${name}`, walking);
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
