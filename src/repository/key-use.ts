import { join } from 'node:path';
import { readCacheFile, writeCacheFile } from './cache-file.js';
import { endsWithin, PUT_AWAY_MS } from './ending.js';

/** When API keys were last used. Kept beside the repository, never in it; a crash may lose the last minute. */
export interface KeyUse {
  /** The key of this name is used, at this time in epoch milliseconds. */
  note(name: string, time: number): void;
  /** When it was used last, in epoch milliseconds; undefined where nobody knows. */
  lastUsed(name: string): number | undefined;
  /** Writes down what is not written yet, and writes no more. It does not wait for long: a disk that hangs loses it. */
  close(): Promise<void>;
}

const HEAD = { format: 'key-use 1' };
const WRITE_MS = 60_000;

/**
 * Opens what is known of the use of keys. What the disk refuses is told to `log`, once: that a key was used stops
 * nothing.
 */
export function openKeyUse({
  repository,
  log,
}: {
  readonly repository: { readonly stateDir: string };
  readonly log: (line: string) => void;
}): KeyUse {
  const path = join(repository.stateDir, 'cache', 'key-use');
  const times = new Map((readCacheFile(path, HEAD) ?? []).flatMap(readLine));
  let isWritten = true;
  let isTold = false;
  let writing: Promise<void> | undefined;
  const tell = (trouble: unknown): void => {
    if (!isTold) log(`the last use of API keys is not kept: ${trouble}`);
    isTold = true;
  };
  const writeAll = async (): Promise<void> => {
    if (isWritten) return;
    isWritten = true;
    const lines = Array.from(times, ([name, time]) => `${time} ${name}`);
    await writeCacheFile(path, HEAD, lines).catch((error: unknown) => {
      isWritten = false;
      tell(error);
    });
  };
  /** One at a time, or a disk that takes long would get the older one last. */
  const write = (): Promise<void> => {
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
    return writing;
  };
  const writeLast = async (): Promise<void> => {
    await writing;
    await write();
  };
  const timer = setInterval(() => void write(), WRITE_MS).unref();
  return {
    note: (name, time) => {
      times.set(name, time);
      isWritten = false;
    },
    lastUsed: (name) => times.get(name),
    close: async () => {
      clearInterval(timer);
      if (!(await endsWithin(PUT_AWAY_MS, writeLast()))) tell('the disk does not answer');
    },
  };
}

function readLine(line: string): [string, number][] {
  const [time = '', name = ''] = line.split(' ');
  return name === '' ? [] : [[name, Number(time)]];
}
