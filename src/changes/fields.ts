/** The fields of a flag's file in the order in which a new one is written. */
export const FLAG_FIELDS: readonly string[] = [
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

/** The same for a segment's file. */
export const SEGMENT_FIELDS: readonly string[] = [
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

/** The same for a project's file. */
export const PROJECT_FIELDS: readonly string[] = [
  'id',
  'name',
  'description',
  'createdAt',
  'environments',
  'defaultEnvironment',
  'attributes',
];
