import { type Dirent, type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';
import { join, sep } from 'node:path';

/** What of the git folder itself is of interest; the index, locks and much else change there with each commit. */
const TOP_NAMES: readonly string[] = ['HEAD', 'packed-refs'];

/**
 * Hears of what names the commits of a repository: HEAD, the branches and `packed-refs`. Their folders are watched, not
 * the files: git replaces files, and a watch on a replaced file hears nothing more. The system says which name has
 * changed, so what is of no interest costs next to nothing. Chokidar would list the folder and look at each file in it
 * for every lock that git or a write takes: more work than the write itself.
 */
export class RefWatch {
  readonly #onChange: () => void;
  /** By folder. */
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(
    { gitDir, commonDir }: { readonly gitDir: string; readonly commonDir: string },
    onChange: () => void,
  ) {
    this.#onChange = onChange;
    for (const folder of new Set([gitDir, commonDir])) {
      this.#watch(folder, (name) => {
        if (name === null || TOP_NAMES.includes(name)) onChange();
      });
    }
    this.#watchBranches(join(commonDir, 'refs', 'heads'));
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Those of `team/main` are in a folder of their own, which comes and goes with its last loose ref. */
  #watchBranches(folder: string): void {
    this.#watch(folder, (name) => this.#hearBranch(folder, name));
    for (const entry of entriesOf(folder)) {
      if (entry.isDirectory()) this.#watchBranches(join(folder, entry.name));
    }
  }

  #hearBranch(folder: string, name: string | null): void {
    if (name?.endsWith('.lock')) return;
    const path = name === null ? undefined : join(folder, name);
    if (path !== undefined) {
      // A folder that is there may be another one than before, which nobody watches yet.
      this.#forget(path);
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) this.#watchBranches(path);
    }
    this.#onChange();
  }

  #watch(folder: string, hear: (name: string | null) => void): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => hear(name));
      watcher.on('error', () => this.#forget(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      // What cannot be watched (too many watches, no permission, gone again) is seen by the poll.
    }
  }

  /** The folder, and those below it. */
  #forget(folder: string): void {
    for (const [path, watcher] of this.#watchers) {
      if (path !== folder && !path.startsWith(folder + sep)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
  }
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
