import { parseFlagKey, parseOrgKey, parseProjectKey } from '../../src/model/keys.js';
import type { BlamedFlag } from '../../src/repository/blame.js';

/** The flag of these keys. Throws where one is no key. */
export function blamedFlag(org: string, project: string, flag: string): BlamedFlag {
  const keys = { org: parseOrgKey(org), project: parseProjectKey(project), flag: parseFlagKey(flag) };
  if (keys.org === undefined || keys.project === undefined || keys.flag === undefined)
    throw new Error(`no flag: ${org}/${project}/${flag}`);
  return { org: keys.org, project: keys.project, flag: keys.flag };
}
