import { Failure } from '../model/failure.js';
import { codeOf } from './disk.js';

const CODES: ReadonlySet<string> = new Set(['REPOSITORY_DAMAGED', 'REPOSITORY_UNREADABLE']);

/** The repository does not hold what it should: missing or broken objects, empty refs. */
export function damaged(what: string, cause?: unknown): Failure {
  const sentence = `the git repository is damaged: ${what}; \`git fsck\` tells more`;
  return new Failure('busy', 'REPOSITORY_DAMAGED', sentence, { cause });
}

/** The machine refuses to read it (EMFILE, EACCES, EIO): it may be as it should, and readable in a moment. */
export function unreadable(what: string, cause: unknown): Failure {
  const sentence = `the git repository cannot be read: ${what} (${codeOf(cause)})`;
  return new Failure('busy', 'REPOSITORY_UNREADABLE', sentence, { cause });
}

/** True for an error of the operating system that does not say that nothing is there. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && codeOf(error) !== 'ENOENT';
}

/** True for what `damaged` and `unreadable` make: git should have it, and does not give it. */
export function isDamage(error: unknown): error is Failure {
  return error instanceof Failure && CODES.has(error.code);
}
