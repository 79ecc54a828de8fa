import { pathOf } from '../files/paths.js';
import type { FlagKey, OrgKey, ProjectKey } from '../model/keys.js';

/** Which flag. */
export interface FlagName {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

/** The files of a flag, whether they are there or not: its own, its overrides, its tests. */
export function flagPaths({ org, project, flag: key }: FlagName): readonly string[] {
  return (['flag', 'overrides', 'tests'] as const).map((kind) => pathOf({ kind, org, project, key }));
}
