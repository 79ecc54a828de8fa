import type { AttributeName, Percentage } from './flag.js';
import type { KebabText } from './values.js';

/**
 * What is recorded of those who ask, by environment key; nothing in an environment that is left out.
 * @example { production: { percentage: 1, attributes: ["country", "plan"] } }
 */
export interface Recordings {
  readonly [environment: KebabText]: Recording;
}

/**
 * What is recorded in one environment: contexts, from which `flagstaff impact` tells whom a change moves. Who they are is not:
 * `targetingKey`, `userId`, `email` and `companyId` are recorded as a hash that nobody can turn back.
 */
export interface Recording {
  /** The share of the questions that is recorded, from 0 to 100 with up to three decimals, picked by chance. */
  readonly percentage: Percentage;
  /**
   * The attributes that are recorded as they are; no others.
   * @maxItems 100
   * @uniqueItems true
   * @example ["country", "plan", "app.version"]
   */
  readonly attributes?: readonly AttributeName[];
  /**
   * More attributes that are recorded as a hash, because they name somebody: those that `bucketBy` names, as a rule.
   * @maxItems 20
   * @uniqueItems true
   * @example ["deviceId"]
   */
  readonly hashed?: readonly AttributeName[];
}

/** The attributes that name people and companies: they are never recorded as they are. */
export const SUBJECTS: readonly string[] = ['targetingKey', 'userId', 'email', 'companyId'];
