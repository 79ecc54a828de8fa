import { Failure } from '../model/failure.js';
import { codeOf } from './disk.js';

/**
 * An error before the commit, as an expected failure: itself, or what the disk refuses in words for whoever runs the
 * server. Undefined for all else, which is a bug.
 */
export function expectedFailure(error: unknown): Failure | undefined {
  if (error instanceof Failure) return error;
  const code = codeOf(error);
  // Node's own complaints about how it is called.
  if (code === undefined || code.startsWith('ERR_')) return undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new Failure('full', 'DISK_FULL', 'the disk is full; the write was not made', { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const sentence = `the server may not write to the repository (${code}); the write was not made`;
    return new Failure('busy', 'REPOSITORY_READ_ONLY', sentence, { cause: error });
  }
  const sentence = `the disk refuses to write to the repository (${code}); the write was not made`;
  return new Failure('busy', 'DISK_ERROR', sentence, { cause: error });
}

/** The ref has the commit, but its folder could not be flushed. What comes next finds the commit, or does not. */
export function notFlushed(commit: string, cause: unknown): Failure {
  const sentence = `the commit ${commit} is made, but the disk did not confirm it (${codeOf(cause)}): it is unknown whether it outlives a crash`;
  return new Failure('busy', 'COMMIT_NOT_FLUSHED', sentence, { data: { details: { commit } }, cause });
}
