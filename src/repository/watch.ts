import { join, sep } from 'node:path';
import { watch as watchFiles } from 'chokidar';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER } from '../files/paths.js';

/** A watcher swallows the second of two changes that are close together, so everyone looks once more so long after each. */
const LOOK_AGAIN_MS = 100;

/** What to watch, and whom to tell. */
export interface WatchOptions {
  /** Files and folders that need not exist yet. */
  readonly paths: readonly string[];
  /** True for what is not to be watched below them. */
  readonly isIgnored?: (path: string) => boolean;
  /** Called after each change, and again a moment later. It must be quick where nothing has changed. */
  readonly onChange: () => void;
}

/** Something that watches until it is closed. */
export interface Watching {
  close(): Promise<void>;
}

/** Watches files. It keeps no process alive. */
export function watch({ paths, isIgnored, onChange }: WatchOptions): Watching {
  let lookAgain: NodeJS.Timeout | undefined;
  const watcher = watchFiles([...paths], {
    ignoreInitial: true,
    persistent: false,
    atomic: false,
    ...(isIgnored && { ignored: isIgnored }),
  });
  watcher.on('all', () => {
    onChange();
    clearTimeout(lookAgain);
    lookAgain = setTimeout(onChange, LOOK_AGAIN_MS).unref();
  });
  // What changed while the watcher was starting, it takes for the beginning.
  watcher.once('ready', onChange);
  // A file that cannot be watched (too many watches, no permission) is seen by the poll.
  watcher.on('error', () => undefined);
  return {
    close: async () => {
      clearTimeout(lookAgain);
      await watcher.close();
    },
  };
}

/**
 * Watches what names the commits of a repository: HEAD, the branches and `packed-refs`. The folders are watched, not
 * the files alone: git replaces files, and a watch on a replaced file hears nothing more.
 */
export function watchRefs(
  repository: { readonly gitDir: string; readonly commonDir: string },
  onChange: () => void,
): Watching {
  const { gitDir, commonDir } = repository;
  const branches = join(commonDir, 'refs', 'heads');
  const wanted = new Set([gitDir, commonDir, join(gitDir, 'HEAD'), join(commonDir, 'packed-refs'), branches]);
  wanted.add(join(commonDir, 'refs'));
  return watch({
    paths: [...new Set([gitDir, commonDir])],
    isIgnored: (path) => !wanted.has(path) && !(path.startsWith(branches + sep) && !path.endsWith('.lock')),
    onChange,
  });
}

/** Watches the plain files that `--worktree` serves. */
export function watchWorkTree(workDir: string, onChange: () => void): Watching {
  return watch({ paths: [join(workDir, FLAGS_FOLDER), join(workDir, CONFIG_PATH)], onChange });
}
