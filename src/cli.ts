#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { reportError } from './cli/exit.js';
import { runCli } from './cli/program.js';
import type { Surroundings } from './cli/surroundings.js';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const around: Surroundings = {
  cwd: process.cwd(),
  env: process.env,
  now: Date.now,
  print,
  printExact: print,
  warn: (line) => process.stderr.write(`${line}\n`),
  readInput: () => text(process.stdin),
  stopped: () =>
    new Promise((resolve) => {
      process.once('SIGTERM', () => resolve());
      process.once('SIGINT', () => resolve());
    }),
  startServer: async (options) => (await import('./server.js')).startServer(options),
};

/** Whoever reads our output may stop early, as `head` does: nothing is left to say then. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? undefined : reportError(error, around));
});

/** What people cannot be told stops nothing: a server goes on when the disk with its log is full. */
process.stderr.on('error', () => {});

process.exitCode = await runCli(process.argv.slice(2), around);
