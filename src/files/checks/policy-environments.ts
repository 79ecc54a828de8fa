import type { ConfigFile } from '../../model/config.js';
import type { OrgSnapshot } from '../../model/snapshot.js';
import { CONFIG_PATH } from '../config.js';
import { policyEnvironments } from '../meaning-config.js';
import type { Finding } from '../parsed.js';
import { suggestion } from '../spelling.js';

/** What is wrong with the policy: an environment that no project has. Where none is read, nobody knows. */
export function judgePolicyEnvironments(
  config: ConfigFile,
  orgs: readonly OrgSnapshot[],
): readonly Finding[] {
  const lists = policyEnvironments(config);
  const projects = lists.length === 0 ? [] : orgs.flatMap((org) => [...org.projects.values()]);
  if (projects.length === 0) return [];
  const known: ReadonlySet<string> = new Set(projects.flatMap(({ environments }) => environments));
  return lists.flatMap(({ at, environments }) =>
    environments.flatMap((environment, place): readonly Finding[] => {
      if (known.has(environment)) return [];
      const message = `environment ${environment}: no project has it; ${suggestion(environment, [...known])}`;
      const code = 'UNKNOWN_ENVIRONMENT';
      return [{ path: CONFIG_PATH, at: [...at, place], code, severity: 'error', message }];
    }),
  );
}
