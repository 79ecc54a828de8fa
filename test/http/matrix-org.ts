import { derivedId, numericId } from '../../src/model/ids.js';
import type { SampleOrg } from './matrix-requests.js';

/** The organization of this key, with its numbers: they follow from the keys, so there may be none of that name. */
export function orgOf(key: string, commit: string): SampleOrg {
  const number = (prefix: 'prj' | 'env' | 'flg' | 'seg', ...names: readonly string[]) =>
    String(numericId(derivedId(prefix, key, ...names)));
  return {
    key,
    id: `org_${key}`,
    project: number('prj', 'web-app'),
    environment: number('env', 'web-app', 'production'),
    otherEnvironment: number('env', 'web-app', 'development'),
    flag: number('flg', 'web-app', 'banner'),
    segment: number('seg', 'web-app', 'beta'),
    apiKey: `key_${key}_server`,
    commit,
  };
}
