#!/usr/bin/env node
import { text } from 'node:stream/consumers';
import { runCli } from './cli/program.js';
import type { Surroundings } from './cli/surroundings.js';

const around: Surroundings = {
  cwd: process.cwd(),
  env: process.env,
  now: Date.now,
  print: (line) => process.stdout.write(`${line}\n`),
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
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), around);
