#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { isatty } from 'node:tty';
import { reportError } from './cli/exit.js';
import { runCli } from './cli/program.js';
import type { Surroundings } from './cli/surroundings.js';
import { openTerminal } from './cli/terminal.js';

// The parser of YAML asks the environment at every token, and the real one answers slowly.
process.env = { ...process.env };

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const STANDARD_INPUT = 0;

const around: Surroundings = {
  cwd: process.cwd(),
  env: process.env,
  now: Date.now,
  print,
  printExact: print,
  warn: (line) => process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
  streams: { input: process.stdin, output: process.stdout },
  terminal: openTerminal(process),
  stopped: () =>
    new Promise((resolve) => {
      process.once('SIGTERM', () => resolve());
      process.once('SIGINT', () => resolve());
      // A terminal that closes says the same as somebody who wants files read again, and is gone by then.
      if (isatty(STANDARD_INPUT)) process.on('SIGHUP', () => isatty(STANDARD_INPUT) || resolve());
    }),
  onHangup: (listener) => {
    process.on('SIGHUP', listener);
    return () => process.off('SIGHUP', listener);
  },
  startServer: async ({ logFormat, ...options }, signal) => {
    const [{ startServer }, { openLogs }] = await Promise.all([
      import('./server.js'),
      import('./http/logs/open-logs.js'),
    ]);
    const telling = logFormat === 'none' ? { log: () => undefined } : { logs: openLogs(logFormat) };
    const server = await startServer({ ...options, ...telling, signal });
    return {
      ...server,
      close: async () => {
        await server.close();
        endSoon();
      },
    };
  },
};

/** Whoever reads our output may stop early, as `head` does: nothing is left to say then. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? undefined : reportError(error, around));
});

/** What people cannot be told stops nothing: a server goes on when the disk with its log is full. */
process.stderr.on('error', () => {});

/** How long what a closed server left behind may take, in milliseconds. */
const LEFT_MS = 1_000;

/** A file on a disk that hangs keeps the process alive, and `process.exit` waits for it too: a signal does not. */
function endSoon(): void {
  setTimeout(() => {
    process.removeAllListeners('SIGTERM');
    process.kill(process.pid, 'SIGTERM');
  }, LEFT_MS).unref();
}

process.exitCode = await runCli(process.argv.slice(2), around);
