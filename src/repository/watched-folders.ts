import { watch as fsWatch, statSync } from 'node:fs';
import { basename } from 'node:path';

/** Tells of the names that change in a folder, as the system does; null where it does not say which. */
export type WatchFolder = (
  folder: string,
  options: { readonly persistent: false },
  listener: (event: string, name: string | null) => void,
) => FolderWatcher;

/** A watch that was begun. */
interface FolderWatcher {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  close(): unknown;
}

/** Who is told of what. */
interface Hearing {
  /** It must not throw. */
  readonly onName: (folder: string, name: string | null) => void;
  /** The system refuses to watch a folder that is there: too many watches, no permission. */
  readonly onRefusal?: (folder: string, error: unknown) => void;
  /** That of the system where it is left out. */
  readonly watch?: WatchFolder | undefined;
}

interface Watched {
  readonly watcher: FolderWatcher;
  readonly identity: string;
}

/**
 * Hears of every change in some folders, each as it is now: another folder of the same name is another one. Folders are
 * few where files are many, and a watch on a file that is replaced hears nothing more. It keeps no process alive.
 */
export class WatchedFolders {
  readonly #hearing: Hearing;
  readonly #watched = new Map<string, Watched>();
  /** What the system would not watch when it was asked last. */
  readonly #refused = new Set<string>();
  #wanted: ReadonlySet<string> = new Set();

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
  }

  /** The folders that are watched now. */
  get folders(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** False where one that is wanted is not watched. */
  get isWhole(): boolean {
    return this.#watched.size === this.#wanted.size;
  }

  /**
   * Watches these, and no others. True where one is watched that was not before; not where it was refused before, which
   * may be told of later: who looks again for that would never rest. Never throws.
   */
  keep(wanted: ReadonlySet<string>): boolean {
    this.#wanted = wanted;
    for (const folder of this.folders) if (!wanted.has(folder)) this.#forget(folder);
    let isNew = false;
    for (const folder of wanted) isNew = this.#watchAsItIs(folder) || isNew;
    return isNew;
  }

  close(): void {
    this.keep(new Set());
  }

  #watchAsItIs(folder: string): boolean {
    const identity = identityOf(folder);
    if (identity === this.#watched.get(folder)?.identity) return false;
    this.#forget(folder);
    return identity !== undefined && this.#watch(folder, identity) && !this.#refused.has(folder);
  }

  #watch(folder: string, identity: string): boolean {
    const { watch = fsWatch } = this.#hearing;
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
    if (!this.#watched.has(folder)) return;
    this.#refused.delete(folder);
    if (name === basename(folder)) this.#forget(folder);
    this.#hearing.onName(folder, name);
  }

  #fail(folder: string, error: unknown): void {
    this.#forget(folder);
    if (identityOf(folder) === undefined) return;
    this.#refused.add(folder);
    this.#hearing.onRefusal?.(folder, error);
  }

  #forget(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }
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
