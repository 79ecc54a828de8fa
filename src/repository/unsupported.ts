import { Failure } from '../model/failure.js';

/** The refusal to write to a repository whose form is not understood; reading goes on. */
export function unsupported(why: string): Failure {
  const sentence = `Flagstaff cannot write to this repository: ${why}`;
  return new Failure('busy', 'REPOSITORY_UNSUPPORTED', sentence, { data: { retryAfterSeconds: null } });
}
