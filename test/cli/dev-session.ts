import { PassThrough, Readable } from 'node:stream';
import { suite } from 'uvu';
import { runCli } from '../../src/cli/program.js';
import type { ServeOptions, Serving, Surroundings } from '../../src/cli/surroundings.js';
import { until } from '../support/until.js';
import { NOW } from './run.js';

/** A `flagstaff dev` that runs in this process. */
export interface DevSession {
  /** All that it printed so far. */
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  /** Fulfils with the lines since the call before, up to the first that matches. */
  told(pattern: RegExp): Promise<readonly string[]>;
  /** Asks it to end, and fulfils with the code that it ends with. */
  end(): Promise<number>;
}

interface DevOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly hasColors?: boolean;
  readonly startServer?: (options: ServeOptions) => Promise<Serving>;
}

/** What the tests of a file have open. */
interface Open {
  sessions: DevSession[];
}

/** Tests after each of which every session that it started is ended. */
export function devSuite(title: string): ReturnType<typeof suite<Open>> {
  const dev = suite<Open>(title);
  dev.before.each((open) => {
    open.sessions = [];
  });
  dev.after.each(async ({ sessions }) => {
    for (const session of sessions) await session.end();
  });
  return dev;
}

/** Starts one that ends with its test. */
export function start({ sessions }: Open, options: DevOptions, words: readonly string[] = []): DevSession {
  const session = startDev(words, options);
  sessions.push(session);
  return session;
}

/** Starts it in a folder; without a server, where none is given. */
function startDev(words: readonly string[], options: DevOptions): DevSession {
  const lines: string[] = [];
  const warnings: string[] = [];
  let stop: () => void = () => undefined;
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const around: Surroundings = {
    cwd: options.cwd,
    env: options.env ?? {},
    now: () => NOW,
    print: (line) => lines.push(...line.split('\n')),
    printExact: (text) => lines.push(text),
    warn: (line) => warnings.push(line),
    readInput: async () => '',
    streams: { input: Readable.from([]), output: new PassThrough() },
    terminal: {
      hasColors: options.hasColors ?? false,
      hasErrorColors: options.hasColors ?? false,
      showProgress: () => undefined,
    },
    stopped: () => stopped,
    onHangup: () => () => undefined,
    startServer: options.startServer ?? (() => Promise.reject(new Error('no server in this test'))),
  };
  const code = runCli(
    ['dev', ...(options.startServer === undefined ? ['--no-serve'] : []), ...words],
    around,
  );
  let read = 0;
  return {
    lines,
    warnings,
    told: async (pattern) => {
      const from = read;
      await until(() => lines.slice(from).some((line) => pattern.test(line))).catch((cause: Error) => {
        throw new Error(`${pattern}: ${cause.message}\n${lines.slice(from).join('\n')}`, { cause });
      });
      read = from + lines.slice(from).findIndex((line) => pattern.test(line)) + 1;
      return lines.slice(from, read);
    },
    end: () => {
      stop();
      return code;
    },
  };
}
