import type { ConfigFile, Level } from '../../model/config.js';
import type { ProblemCode, Severity } from '../../model/problem.js';
import { CHECKS } from './check-facts.js';
import { isCheckCode, type ToldCode } from './codes.js';

/** How much a code counts in a repository; what makes a file unservable always is an error, as is a test that fails. */
export function levelOf({ checks = {} }: ConfigFile, code: ToldCode): Level {
  return isCheckCode(code) ? (checks[code] ?? CHECKS[code].level) : 'error';
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
