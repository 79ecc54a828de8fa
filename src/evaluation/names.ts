import type { EvaluationContext } from '../model/evaluation.js';
import type { Names } from '../model/segment.js';
import type { JsonValue } from '../model/values.js';

/** The attributes that name a user. */
export const USER_ATTRIBUTES = ['userId', 'email', 'targetingKey'] as const;

/**
 * Makes the test whether a caller is one of the users or companies; undefined where there is nobody. A user is named by
 * userId, email or targetingKey, a company by companyId.
 */
export function compileNames(
  names: Names | undefined,
): ((context: EvaluationContext) => boolean) | undefined {
  const users = new Set<JsonValue | undefined>(names?.users?.map(comparable));
  const companies = new Set<JsonValue | undefined>(names?.companies);
  if (users.size === 0 && companies.size === 0) return undefined;
  return (context) =>
    (users.size > 0 && USER_ATTRIBUTES.some((attribute) => users.has(comparable(context[attribute])))) ||
    (companies.size > 0 && companies.has(context.companyId));
}

/** What to compare of a user's name: an e-mail address without regard to case, all else as it is. */
export function comparable<Value>(name: Value): Value | string {
  return typeof name === 'string' && name.includes('@') ? name.toLowerCase() : name;
}
