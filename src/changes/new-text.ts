import { printYaml } from '../files/print.js';
import { schemaLine } from '../files/schema-line.js';
import type { ApiKeysFile } from '../model/api-key.js';
import type { FlagFile } from '../model/flag.js';
import type { OrgFile } from '../model/org.js';
import type { OverridesFile } from '../model/override.js';
import type { ProjectFile } from '../model/project.js';
import type { SegmentFile } from '../model/segment.js';
import type { TestsFile } from '../model/test-case.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { BaseFiles } from './base-files.js';
import { FILE_FIELDS } from './fields.js';

type NewFile =
  | { readonly kind: 'flag'; readonly value: FlagFile }
  | { readonly kind: 'segment'; readonly value: SegmentFile }
  | { readonly kind: 'overrides'; readonly value: OverridesFile }
  | { readonly kind: 'tests'; readonly value: TestsFile }
  | { readonly kind: 'project'; readonly value: ProjectFile }
  | { readonly kind: 'api-keys'; readonly value: ApiKeysFile }
  | { readonly kind: 'org'; readonly value: OrgFile };

/** The text of a new file. Where the repository keeps schemas, the first line tells an editor where the file's is. */
export function newText({ kind, value }: NewFile, { hasSchemas }: Pick<BaseFiles, 'hasSchemas'>): string {
  return (hasSchemas ? schemaLine(kind) : '') + printYaml(inHouseOrder(kind, value as unknown as JsonValue));
}

function inHouseOrder(kind: NewFile['kind'], value: JsonValue): JsonValue {
  const fields = FILE_FIELDS.get(kind);
  return fields === undefined ? value : ordered(value as JsonObject, fields);
}

/** Fields that are not known come last: the judge tells them. */
function ordered(file: JsonObject, fields: readonly string[]): JsonObject {
  const known = fields.filter((field) => Object.hasOwn(file, field));
  const others = Object.keys(file).filter((field) => !fields.includes(field));
  return Object.fromEntries([...known, ...others].map((field) => [field, file[field] ?? null]));
}
