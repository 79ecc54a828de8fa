import type { OrgKey } from '../model/keys.js';

/** What all changes of a set are applied with. */
export interface ApplyOptions {
  readonly org: OrgKey;
  /** The clock, in epoch milliseconds. */
  readonly now: number;
}
