import type { ConfigFile, Level } from '../../model/config.js';
import type { ProblemCode, Severity } from '../../model/problem.js';
import { describeCode, isCheckCode } from './codes.js';

/** How much a code counts in a repository. */
export function levelOf({ checks = {} }: ConfigFile, code: ProblemCode): Level {
  const set = isCheckCode(code) ? checks[code] : undefined;
  return set ?? describeCode(code).level;
}

/**
 * What is told, with the severities that the repository has given the checks; those that are off are left out. What has
 * no level stays as it was found.
 */
export function withLevels<Told extends { readonly code: ProblemCode; readonly severity: Severity }>(
  config: ConfigFile,
  told: readonly Told[],
): readonly Told[] {
  return told.flatMap((one) => {
    if (!isCheckCode(one.code)) return [one];
    const level = levelOf(config, one.code);
    if (level === 'off') return [];
    return level === one.severity ? [one] : [{ ...one, severity: level }];
  });
}
