import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey } from '../model/keys.js';

/** One environment in which what flags answer may be another from now on. */
export interface EnvironmentChange {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly environment: EnvironmentKey;
  /** The flags whose state there changed, came or went, in order of their keys; never empty. */
  readonly flags: readonly FlagKey[];
}
