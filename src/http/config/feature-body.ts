import type { FlagUpdate } from '../../changes/change.js';
import type { Edit } from '../../files/edit.js';
import { environmentState, type FlagFile } from '../../model/flag.js';
import { type EnvironmentKey, type FlagKey, parseFlagKey } from '../../model/keys.js';
import { editsOfFlag, readFlag } from '../admin/flags-body.js';
import {
  type Fields,
  fieldOf,
  invalidAt,
  placeOf,
  readKey,
  readSwitch,
  readText,
  required,
} from '../json-fields.js';
import type { FeatureNow } from './feature-write.js';

/** The fields that `readNewFeature` reads. */
export const NEW_FIELDS = ['id', 'name', 'description', 'isEnabled', 'type', 'status'];

const NAME_LENGTH = { from: 1, to: 200 };

/** The key of a flag that is to be made. Throws a `Failure` of kind `invalid` where it is none. */
export function readNewId(fields: Fields): FlagKey {
  return required(readKey(fields, 'id', parseFlagKey), fields, 'id');
}

/** The file of a new flag: no more than was said. Throws a `Failure` of kind `invalid` that names the place. */
export function readNewFeature(fields: Fields, key: FlagKey, environment: EnvironmentKey): FlagFile {
  required(readText(fields, 'name', NAME_LENGTH), fields, 'name');
  refuseOtherTypes(fields);
  const enabled = readSwitch(fields, 'isEnabled') ?? false;
  return { ...readFlag(fields, key), environments: { [environment]: { enabled } } };
}

/**
 * What is to be edited in a flag's own file. What is sent as it is shown changes nothing, so a flag that is killed stays
 * as it is when it is sent back. Throws a `Failure` of kind `invalid` that names the place.
 */
export function updateOfFeature(
  fields: Fields,
  { key, file, environment }: FeatureNow,
): Pick<FlagUpdate, 'edits' | 'unlessKilledIn'> {
  const { enabled, killed } = environmentState(file, environment);
  const isEnabled = readSwitch(fields, 'isEnabled');
  const facts = editsOfFlag(file, readFlag(fields, key, file));
  if (isEnabled === undefined || isEnabled === (enabled && killed !== true)) return { edits: facts };
  const edit: Edit = { at: ['environments', environment, 'enabled'], set: isEnabled };
  return { edits: [edit, ...facts], ...(isEnabled ? { unlessKilledIn: environment } : {}) };
}

/** Flags of the other types need variants, for which this dialect has no words. */
function refuseOtherTypes(fields: Fields): void {
  const type = fieldOf(fields, 'type') ?? 'boolean';
  if (type === 'boolean') return;
  const sentence =
    'wanted boolean: flags of other types have variants, and POST /api/admin/projects/{projectId}/flags makes them';
  throw invalidAt(placeOf(fields, 'type'), sentence);
}
