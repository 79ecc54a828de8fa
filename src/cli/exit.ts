import { getSystemErrorMap } from 'node:util';
import { CommanderError } from 'commander';
import type { BrokenTest } from '../changes/broken-tests.js';
import { Failure } from '../model/failure.js';
import { brokenTestLine } from './broken-test.js';
import { paintError } from './paint.js';
import { problemLine } from './problem-line.js';
import type { Surroundings } from './surroundings.js';

/** How a command ends: 0 done, 1 something was found or refused, 2 it was used wrongly. */
export type ExitCode = 0 | 1 | 2;

/** The command was used wrongly; the message says how to use it. */
export class WrongUse extends Error {}

/** Says what went wrong, in a line, and with which code to end. Throws what nobody expects. */
export function reportError(error: unknown, around: Surroundings): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof WrongUse) return say(around, error.message, 2);
  if (error instanceof Failure && error.kind !== 'bug') return reportFailure(error, around);
  if (isSystemError(error)) return say(around, error.message, 1);
  throw error;
}

function reportFailure(failure: Failure, around: Surroundings): ExitCode {
  for (const problem of failure.data.problems ?? [])
    around.warn(problemLine(problem, (text, color) => paintError(text, color, around)));
  if (failure.code === 'TESTS_BROKEN') for (const line of brokenTestLines(failure)) around.warn(line);
  const isWrongUse = failure.kind === 'invalid' || failure.kind === 'not-found';
  return say(around, failure.message, isWrongUse ? 2 : 1);
}

/** The cases that a refused write would break are beside the failure, whoever refused it. */
function brokenTestLines({ data }: Failure): readonly string[] {
  return ((data.details?.failing ?? []) as readonly BrokenTest[]).map(brokenTestLine);
}

function say(around: Surroundings, message: string, code: ExitCode): ExitCode {
  around.warn(`${paintError('flagstaff:', 'red', around)} ${message}`);
  return code;
}

/** The operating system refused: a port in use, a file that may not be read, a full disk. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** Why it refused, in its words and without the path: `no such file or directory`. */
export function systemReason(error: NodeJS.ErrnoException): string {
  return getSystemErrorMap().get(error.errno ?? 0)?.[1] ?? error.message;
}
