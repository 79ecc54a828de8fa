import { resolve } from 'node:path';
import { watch } from 'chokidar';
import type { WatchFolder } from './watched-folders.js';

/**
 * Watches one folder by chokidar, which knows what each system keeps quiet about. What is in the folder is heard of, but
 * not watched one by one: 10,000 files would take as many watches. It tells once more when it has begun, for nobody
 * tells of what changed before.
 */
export const watchFolder: WatchFolder = (folder, { persistent }, listener) => {
  const top = resolve(folder);
  const ignored = (path: string): boolean => resolve(path) !== top;
  const watcher = watch(folder, { persistent, ignoreInitial: true, depth: 0, ignored });
  watcher.on('raw', (event, name: string | null) => listener(event, name));
  watcher.once('ready', () => listener('change', null));
  return {
    on: (event, heard) => watcher.on(event, heard),
    close: () => {
      const closing = watcher.close();
      // It forgets who listens, and may still be about to begin.
      watcher.on('error', () => undefined);
      return closing;
    },
  };
};
