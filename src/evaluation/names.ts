import type { EvaluationContext } from '../model/evaluation.js';
import type { Names } from '../model/segment.js';
import type { JsonValue } from '../model/values.js';

/** Makes the test whether a caller is one of the users or companies; undefined where there is nobody. */
export function compileNames(
  names: Names | undefined,
): ((context: EvaluationContext) => boolean) | undefined {
  const isUser = compileUsers(names?.users ?? []);
  const isCompany = compileCompanies(names?.companies ?? []);
  if (isUser === undefined) return isCompany;
  if (isCompany === undefined) return isUser;
  return (context) => isUser(context) || isCompany(context);
}

/** What to compare of a user's name: an e-mail address without regard to case, all else as it is. */
export function comparable(name: string): string {
  return name.includes('@') ? name.toLowerCase() : name;
}

/** A user is named by userId, email or targetingKey. */
function compileUsers(users: readonly string[]): ((context: EvaluationContext) => boolean) | undefined {
  if (users.length === 0) return undefined;
  const names = new Set(users.map(comparable));
  const hasAddress = users.some((user) => user.includes('@'));
  const isNamed = (value: JsonValue | undefined) =>
    typeof value === 'string' && names.has(hasAddress ? comparable(value) : value);
  return ({ userId, email, targetingKey }) => isNamed(userId) || isNamed(email) || isNamed(targetingKey);
}

/** A company is named by companyId. */
function compileCompanies(
  companies: readonly string[],
): ((context: EvaluationContext) => boolean) | undefined {
  if (companies.length === 0) return undefined;
  const names = new Set(companies);
  return ({ companyId }) => typeof companyId === 'string' && names.has(companyId);
}
