import { basename, join } from 'node:path';
import { type FollowedPlace, followedRefs } from './head.js';
import { WatchedFolders, type WatchFolder } from './watched-folders.js';

/** What a watch needs. */
export interface RefWatchOptions {
  /** Called once for all that was heard in one turn of the event loop. It must not throw. */
  readonly onChange: () => void;
  /** Gets one line where the system refuses to watch. */
  readonly log: (line: string) => void;
  /** That of the system where it is left out. */
  readonly watch?: WatchFolder;
}

/** Each new watch can show another step of the way: HEAD, and symbolic refs in folders below each other. */
const MOST_ROUNDS = 10;

/**
 * Hears of what names the commit that is followed: HEAD, `packed-refs` and the ref that they lead to. The folders on the
 * way to it are watched: they are few, whatever else the repository has; the name of another branch is compared and
 * forgotten. Chokidar would look at each file of a folder for every lock that git or a write takes: more work than the
 * write itself.
 */
export class RefWatch {
  readonly #place: FollowedPlace;
  readonly #options: RefWatchOptions;
  /** The names of interest, by folder; folders above come first. */
  #wanted: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  readonly #watched: WatchedFolders;
  #due: NodeJS.Immediate | undefined;
  #hasFailed = false;

  constructor(place: FollowedPlace, options: RefWatchOptions) {
    this.#place = place;
    this.#options = options;
    this.#watched = new WatchedFolders({
      onName: (folder, name) => this.#hear(folder, name),
      onRefusal: (folder, error) => this.#tellRefusal(folder, error),
      watch: options.watch,
    });
    this.renew();
  }

  /** The folders that are watched now. */
  get folders(): readonly string[] {
    return this.#watched.folders;
  }

  /**
   * Watches what is on the way now, and nothing else. Who polls asks for it each time, so that a folder whose end nobody
   * was told of is watched again. Never throws.
   */
  renew(): void {
    // The way may change until its last folder is watched, so it is looked for again behind each new watch.
    for (let rounds = 1; this.#renewOnce() && rounds < MOST_ROUNDS; ) rounds += 1;
  }

  close(): void {
    clearImmediate(this.#due);
    this.#watched.close();
  }

  /** True where something is watched that was not before. */
  #renewOnce(): boolean {
    this.#wanted = namesOnTheWay(this.#place);
    return this.#watched.keep(new Set(this.#wanted.keys()));
  }

  #hear(folder: string, name: string | null): void {
    const isFolder = name === basename(folder);
    if (name !== null && !isFolder && !this.#wanted.get(folder)?.has(name)) return;
    this.#due ??= setImmediate(() => {
      this.#due = undefined;
      this.renew();
      this.#options.onChange();
    });
  }

  /** What cannot be watched is seen by the poll. */
  #tellRefusal(folder: string, error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.log(`${folder} cannot be watched, commits are found by looking again and again: ${reason}`);
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
