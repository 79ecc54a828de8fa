import type { BrokenTest } from '../changes/broken-tests.js';

/** A test case that a write would break, as `flagstaff test` tells of one that fails, in a line. */
export function brokenTestLine(test: BrokenTest): string {
  const { project, flag, name, environment, expected, got } = test;
  const parts = Object.keys(expected).map(
    (part) => `${part}: expected ${valueText(expected[part])}, got ${valueText(got[part])}`,
  );
  return `${project}/${flag}: ${name} (${environment}): ${parts.join('; ')}`;
}

function valueText(part: unknown): string {
  return part === undefined ? 'none' : JSON.stringify(part);
}
