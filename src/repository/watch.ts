import { join } from 'node:path';
import { watch as watchFiles } from 'chokidar';
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

/** The watch of a ref: what a system's watch misses, `renew` finds. */
export interface RefWatching extends Watching {
  /** To be asked for at each poll. Never throws. */
  renew(): void;
}

/**
 * Watches what names the commit that is followed. It keeps no process alive. `onChange` is called after each change, and
 * again a moment later: it must be quick where nothing has changed.
 */
export function watchRefs(
  place: FollowedPlace,
  { onChange, log }: { readonly onChange: () => void; readonly log: (line: string) => void },
): RefWatching {
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
export function watchWorkTree(workDir: string, onChange: () => void): Watching {
  const call = twice(onChange);
  const paths = [join(workDir, FLAGS_FOLDER), join(workDir, CONFIG_PATH)];
  const watcher = watchFiles(paths, { ignoreInitial: true, persistent: false, atomic: false });
  watcher.on('all', call.now);
  // What changed while the watcher was starting, it takes for the beginning.
  watcher.once('ready', onChange);
  // A file that cannot be watched (too many watches, no permission) is seen by the poll.
  watcher.on('error', () => undefined);
  return {
    close: async () => {
      call.cancel();
      await watcher.close();
    },
  };
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
