import type { ConfigFile } from '../model/config.js';
import type { OrgKey } from '../model/keys.js';
import type { Finding } from './parsed.js';

/** The path of the repository's settings. */
export const CONFIG_PATH = '.flagstaff.yaml';

/** The organization of callers who name none: the configured one where it exists, else the first by key. */
export function chooseDefaultOrg(
  config: ConfigFile | undefined,
  orgs: readonly OrgKey[],
): OrgKey | undefined {
  return orgs.find((org) => org === config?.defaultOrg) ?? [...orgs].sort()[0];
}

/** What is wrong with the settings: a default organization that has no folder. */
export function judgeConfig(config: ConfigFile, orgs: readonly OrgKey[]): readonly Finding[] {
  if (config.defaultOrg === undefined || orgs.some((org) => org === config.defaultOrg)) return [];
  return [
    {
      path: CONFIG_PATH,
      at: ['defaultOrg'],
      code: 'UNKNOWN_ORG',
      severity: 'error',
      message: `organization ${config.defaultOrg}: not found in flags/`,
    },
  ];
}
