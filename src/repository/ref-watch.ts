import { type FSWatcher, watch as fsWatch, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type FollowedPlace, followedRefs } from './head.js';

/** Tells of the names that change in a folder, as the system does; null where it does not say which. */
export type WatchFolder = (
  folder: string,
  options: { readonly persistent: false },
  listener: (event: string, name: string | null) => void,
) => FSWatcher;

/** What a watch needs. */
export interface RefWatchOptions {
  /** Called once for all that was heard in one turn of the event loop. It must not throw. */
  readonly onChange: () => void;
  /** Gets one line where the system refuses to watch. */
  readonly log: (line: string) => void;
  /** That of the system where it is left out. */
  readonly watch?: WatchFolder;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly identity: string;
}

/** Each new watch can show another step of the way: HEAD, and symbolic refs in folders below each other. */
const MOST_ROUNDS = 10;

/**
 * Hears of what names the commit that is followed: HEAD, `packed-refs` and the ref that they lead to. The folders on the
 * way to it are watched, not the files: git replaces files, and a watch on a replaced file hears nothing more. They are
 * few, whatever else the repository has; the name of another branch is compared and forgotten. Chokidar would list a
 * folder and look at each file in it for every lock that git or a write takes: more work than the write itself.
 */
export class RefWatch {
  readonly #place: FollowedPlace;
  readonly #options: RefWatchOptions;
  /** The names of interest, by folder; folders above come first. */
  #wanted: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  readonly #watched = new Map<string, Watched>();
  #due: NodeJS.Immediate | undefined;
  #hasFailed = false;

  constructor(place: FollowedPlace, options: RefWatchOptions) {
    this.#place = place;
    this.#options = options;
    this.renew();
  }

  /** The folders that are watched now. */
  get folders(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /**
   * Watches what is on the way now, and nothing else: another folder of the same name is another one. Who polls asks for
   * it each time, so that a folder whose end nobody was told of is watched again. Never throws.
   */
  renew(): void {
    // The way may change until its last folder is watched, so it is looked for again behind each new watch.
    for (let rounds = 1; this.#renewOnce() && rounds < MOST_ROUNDS; ) rounds += 1;
  }

  close(): void {
    clearImmediate(this.#due);
    for (const folder of this.folders) this.#forget(folder);
  }

  /** True where something is watched that was not before. */
  #renewOnce(): boolean {
    this.#wanted = namesOnTheWay(this.#place);
    for (const folder of this.folders) if (!this.#wanted.has(folder)) this.#forget(folder);
    let isNew = false;
    for (const folder of this.#wanted.keys()) isNew = this.#watchAsItIs(folder) || isNew;
    return isNew;
  }

  #watchAsItIs(folder: string): boolean {
    const identity = identityOf(folder);
    if (identity === this.#watched.get(folder)?.identity) return false;
    this.#forget(folder);
    return identity !== undefined && this.#watch(folder, identity);
  }

  #watch(folder: string, identity: string): boolean {
    const { watch = fsWatch } = this.#options;
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => this.#hear(folder, name));
      watcher.on('error', (error) => this.#fail(folder, error));
      this.#watched.set(folder, { watcher, identity });
      return true;
    } catch (error) {
      this.#fail(folder, error);
      return false;
    }
  }

  /** A folder that goes is heard under its own name; the next one of that name may look just like it. */
  #hear(folder: string, name: string | null): void {
    if (name === basename(folder)) this.#forget(folder);
    else if (name !== null && !this.#wanted.get(folder)?.has(name)) return;
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      this.renew();
      this.#options.onChange();
    });
  }

  /** What cannot be watched (too many watches, no permission) is seen by the poll. */
  #fail(folder: string, error: unknown): void {
    this.#forget(folder);
    if (this.#hasFailed || identityOf(folder) === undefined) return;
    this.#hasFailed = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log(`${folder} cannot be watched, commits are found by looking again and again: ${reason}`);
  }

  #forget(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }
}

/** Each folder on the way to the ref, with the next name on that way. */
function namesOnTheWay(place: FollowedPlace): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  const add = (folder: string, name: string): void => {
    names.set(folder, (names.get(folder) ?? new Set()).add(name));
  };
  add(place.gitDir, 'HEAD');
  add(place.commonDir, 'packed-refs');
  for (const ref of followedRefs(place)) {
    let folder = place.commonDir;
    for (const name of ref.split('/')) {
      add(folder, name);
      folder = join(folder, name);
    }
  }
  return names;
}

/** Undefined where there is no such folder. The number alone may be given to the next folder at once. */
function identityOf(folder: string): string | undefined {
  try {
    const stat = statSync(folder, { bigint: true });
    return stat.isDirectory() ? `${stat.dev}:${stat.ino}:${stat.birthtimeNs}` : undefined;
  } catch {
    return undefined;
  }
}
