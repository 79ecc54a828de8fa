import type { Place } from '../files/paths.js';
import type { Pointer } from '../model/problem.js';

const FLAG_FIELDS: readonly string[] = [
  'id',
  'name',
  'description',
  'type',
  'owner',
  'status',
  'tags',
  'expires',
  'client',
  'metadata',
  'salt',
  'bucketBy',
  'variants',
  'offVariant',
  'createdAt',
  'updatedAt',
  'environments',
];

const SEGMENT_FIELDS: readonly string[] = [
  'id',
  'name',
  'description',
  'active',
  'createdAt',
  'updatedAt',
  'include',
  'exclude',
  'when',
];

const PROJECT_FIELDS: readonly string[] = [
  'id',
  'name',
  'description',
  'createdAt',
  'environments',
  'defaultEnvironment',
  'attributes',
  'webhooks',
  'recording',
];

const STATE_FIELDS: readonly string[] = [
  'enabled',
  'killed',
  'offVariant',
  'segments',
  'requires',
  'rules',
  'serve',
];

const RULE_FIELDS: readonly string[] = ['id', 'description', 'when', 'percentage', 'bucketBy', 'serve'];

/** The fields that stand behind the one at this place of a file; undefined where no order is known. */
export function fieldsBehind(kind: Place['kind'], at: Pointer): readonly string[] | undefined {
  const fields = fieldsAt(kind, at);
  const place = fields?.indexOf(String(at.at(-1))) ?? -1;
  return place < 0 ? undefined : fields?.slice(place + 1);
}

function fieldsAt(kind: Place['kind'], at: Pointer): readonly string[] | undefined {
  if (at.length === 1) return FILE_FIELDS.get(kind);
  if (kind !== 'flag' || at[0] !== 'environments') return undefined;
  if (at.length === 3) return STATE_FIELDS;
  return at.length === 5 && at[2] === 'rules' ? RULE_FIELDS : undefined;
}

/** By kind of file, the fields in the order in which a new one is written. */
export const FILE_FIELDS: ReadonlyMap<Place['kind'], readonly string[]> = new Map([
  ['flag', FLAG_FIELDS],
  ['segment', SEGMENT_FIELDS],
  ['project', PROJECT_FIELDS],
]);
