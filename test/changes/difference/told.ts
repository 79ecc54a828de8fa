import type { Difference } from '../../../src/changes/difference.js';
import { diffFiles } from '../../../src/changes/difference-files.js';
import { filePair } from './file-pair.js';

const PROJECT = 'flags/acme/web-app';

/** The paths of one file of each kind. */
export const PATHS = {
  settings: '.flagstaff.yaml',
  org: 'flags/acme/org.yaml',
  project: `${PROJECT}/project.yaml`,
  apiKeys: `${PROJECT}/keys.yaml`,
  flag: `${PROJECT}/flags/new-checkout.yaml`,
  segment: `${PROJECT}/segments/beta-testers.yaml`,
  overrides: `${PROJECT}/overrides/new-checkout.yaml`,
  tests: `${PROJECT}/tests/new-checkout.yaml`,
} as const;

/** The differences between two texts of a file; null where it is not there. Throws where a text is not valid. */
export function differencesIn(
  path: string,
  before: string | null,
  after: string | null,
): readonly Difference[] {
  const pair = filePair(path, before, after);
  for (const side of [pair.before, pair.after]) {
    if (side !== undefined && side.parsed?.value === undefined) throw new Error(JSON.stringify(side));
  }
  return diffFiles([pair]);
}

/** Their sentences. */
export function told(path: string, before: string | null, after: string | null): readonly string[] {
  return differencesIn(path, before, after).map(({ sentence }) => sentence);
}
