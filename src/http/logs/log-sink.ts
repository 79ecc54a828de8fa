import { destination } from 'pino';

/** Takes lines, each with its line end. */
export interface LogSink {
  write(line: string): void;
  /** Writes what waits, before it returns. */
  flush(): void;
}

/** So many characters wait for a slow disk or reader; what comes after them is lost rather than kept in memory. */
const MOST_WAITING = 4_000_000;

/**
 * A sink on a file descriptor. While one write is under way, lines gather for the next, so that a busy server writes many
 * at a time. A disk that is full or a reader that is gone loses lines and stops nothing; what could not be written is tried
 * again with the next line.
 */
export function openSink(fileDescriptor: number): LogSink {
  const file = destination({ dest: fileDescriptor, sync: false, maxLength: MOST_WAITING });
  // Without a listener an error would end the process.
  file.on('error', () => undefined);
  return {
    write: (line) => {
      file.write(line);
    },
    flush: () => {
      try {
        file.flushSync();
      } catch {
        // The last lines find no place, and there is nobody left to tell.
      }
    },
  };
}
