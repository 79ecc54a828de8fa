import { spawn } from 'node:child_process';
import { compiledOf } from './compile.js';
import type { FileRun } from './judge.js';
import { findMistakes } from './mistakes.js';
import { withSources } from './positions.js';

const LIMIT_MS = 300_000;

/** Runs one test file in a process of its own, without a terminal and without colours. */
export async function runFile(path: string): Promise<FileRun> {
  const end = await runProcess([process.execPath, ...wordsOf(path)]);
  return { ...end, output: withSources(end.output), mistakes: findMistakes(path) };
}

/** A file of somewhere else is compiled by its own process. */
function wordsOf(path: string): readonly string[] {
  const compiled = compiledOf(path);
  return compiled === undefined ? ['--import', import.meta.resolve('tsx'), path] : [compiled];
}

function runProcess([program = '', ...words]: readonly string[]): Promise<Omit<FileRun, 'mistakes'>> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { env: childEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      child.kill('SIGKILL');
    }, LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      clearTimeout(limit);
      resolve({ exitCode, signal, timedOut, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

/** uvu's summary is read as text, so nothing may colour it. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...rest } = process.env;
  return { ...rest, NO_COLOR: '1' };
}
