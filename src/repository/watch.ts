import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { type FSWatcher, watch as watchFiles } from 'chokidar';
import { CONFIG_PATH } from '../files/config.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { FollowedPlace } from './head.js';
import { RefWatch } from './ref-watch.js';

/** A watcher swallows the second of two changes that are close together, so everyone looks once more so long after each. */
const LOOK_AGAIN_MS = 100;

/** Something that watches until it is closed. */
export interface Watching {
  close(): Promise<void>;
}

/** A watch that may lose what it watches: `renew` finds that again. */
export interface RenewedWatching extends Watching {
  /** To be asked for at each poll. Never throws. */
  renew(): void;
}

/** The watch of many files, some of which the system may refuse to watch. */
export interface WorkTreeWatching extends RenewedWatching {
  /** False where a file could not be watched, so that only looking again tells of all changes. */
  readonly isHeard: boolean;
}

/**
 * Watches what names the commit that is followed. It keeps no process alive. `onChange` is called after each change, and
 * again a moment later: it must be quick where nothing has changed.
 */
export function watchRefs(
  place: FollowedPlace,
  { onChange, log }: { readonly onChange: () => void; readonly log: (line: string) => void },
): RenewedWatching {
  const call = twice(onChange);
  const watching = new RefWatch(place, { onChange: call.now, log });
  return {
    renew: () => watching.renew(),
    close: async () => {
      call.cancel();
      watching.close();
    },
  };
}

/** Watches the plain files that `--worktree` serves, as `watchRefs` does. */
export function watchWorkTree(workDir: string, onChange: () => void): WorkTreeWatching {
  const call = twice(onChange);
  const flags = join(workDir, FLAGS_FOLDER);
  let isHeard = true;
  const onRefusal = (): void => {
    isHeard = false;
  };
  const watch = (): FSWatcher =>
    watchPaths([flags, join(workDir, CONFIG_PATH)], { onChange, call: call.now, onRefusal });
  let watched = folderAt(flags);
  let watcher = watch();
  return {
    get isHeard() {
      return isHeard;
    },
    renew: () => {
      const now = folderAt(flags);
      if (now === watched) return;
      watched = now;
      isHeard = true;
      void watcher.close();
      watcher = watch();
    },
    close: async () => {
      call.cancel();
      await watcher.close();
    },
  };
}

/** Another text for a folder that came where one went, which no watch of that one tells of. */
function folderAt(path: string): string | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat && `${stat.ino} ${stat.birthtimeMs}`;
}

/** Who is called: when the watch has begun, and for each change. */
interface Calls {
  readonly onChange: () => void;
  readonly call: () => void;
  /** Something cannot be watched: too many watches, no permission. */
  readonly onRefusal: () => void;
}

function watchPaths(paths: readonly string[], { onChange, call, onRefusal }: Calls): FSWatcher {
  const watcher = watchFiles([...paths], { ignoreInitial: true, persistent: false, atomic: false });
  watcher.on('all', call);
  // What the system tells is in `raw`, whole: of changes that are close together the watcher swallows some.
  watcher.on('raw', call);
  // What changed while the watcher was starting, it takes for the beginning.
  watcher.once('ready', onChange);
  // A file that cannot be watched is seen by the poll.
  watcher.on('error', onRefusal);
  return watcher;
}

/** Calls at once, and once more when nothing has come for a moment. */
function twice(work: () => void): { readonly now: () => void; readonly cancel: () => void } {
  let again: NodeJS.Timeout | undefined;
  const cancel = (): void => clearTimeout(again);
  const now = (): void => {
    work();
    cancel();
    again = setTimeout(work, LOOK_AGAIN_MS).unref();
  };
  return { now, cancel };
}
