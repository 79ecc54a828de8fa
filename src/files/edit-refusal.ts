import { Failure } from '../model/failure.js';
import type { Pointer, Problem } from '../model/problem.js';

/** The refusal to edit what is broken, with what is to be repaired first, and where. At least one problem is wanted. */
export function fileBroken(problems: readonly Problem[]): Failure {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  const place = `${first?.path}:${first?.line}:${first?.column}`;
  const sentence = `the file is broken, repair it first: ${place}: ${first?.message}${more}`;
  return new Failure('conflict', 'FILE_BROKEN', sentence, { data: { problems } });
}

/** Of a place only the beginning is told: it is the caller's text. */
const PLACE_LENGTH = 200;

/** The refusal of an edit at a place that the file cannot have: behind a gap of a list, or between items of what is none. */
export function noSuchPlace(path: string, at: Pointer): Failure {
  const place = at.join('/').slice(0, PLACE_LENGTH);
  const wanted = 'an item of a list, or the place after its last one, was wanted';
  return new Failure('unprocessable', 'NO_SUCH_PLACE', `${path}: nothing can be at /${place}; ${wanted}`);
}
