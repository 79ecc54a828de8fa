import type { TestsFile } from '../model/test-case.js';
import type { Issue } from './issue.js';
import { judgeMoment, twice } from './meaning-names.js';

/** What a tests file says that cannot be meant, as far as it alone can tell. */
export function judgeTests(tests: TestsFile): Issue[] {
  return [
    ...twice(
      tests.map(({ name }, place) => ({ name, at: [place, 'name'] })),
      'case',
      'DUPLICATE_NAME',
    ),
    ...tests.flatMap(({ now }, place) => judgeMoment(now, [place, 'now'])),
  ];
}
