import type { ConfigFile } from '../../model/config.js';
import { diffField, named } from './field.js';
import type { PartDifference, Versions } from './part-difference.js';

/** The differences of the repository's settings. */
export function diffSettings({ before, after }: Versions<ConfigFile>): readonly PartDifference[] {
  const change = { name: 'defaultOrg', before: before.defaultOrg, after: after.defaultOrg };
  return diffField(change, named('default organization'));
}
