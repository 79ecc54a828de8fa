import { Failure } from '../model/failure.js';
import type { Problem } from '../model/problem.js';

/** The refusal to edit what is broken, with what is to be repaired first, and where. At least one problem is wanted. */
export function fileBroken(problems: readonly Problem[]): Failure {
  const [first] = problems;
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : '';
  const place = `${first?.path}:${first?.line}:${first?.column}`;
  const sentence = `the file is broken, repair it first: ${place}: ${first?.message}${more}`;
  return new Failure('conflict', 'FILE_BROKEN', sentence, { data: { problems } });
}
