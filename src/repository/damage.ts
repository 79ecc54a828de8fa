import { Failure } from '../model/failure.js';

/** The repository does not hold what it should: missing or broken objects, empty refs. */
export function damaged(what: string, cause?: unknown): Failure {
  const sentence = `the git repository is damaged: ${what}; \`git fsck\` tells more`;
  return new Failure('busy', 'REPOSITORY_DAMAGED', sentence, { cause });
}

/** True for what `damaged` makes. */
export function isDamage(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'REPOSITORY_DAMAGED';
}
