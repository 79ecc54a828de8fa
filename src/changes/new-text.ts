import { printYaml } from '../files/print.js';
import type { FlagFile } from '../model/flag.js';
import type { OverridesFile } from '../model/override.js';
import type { SegmentFile } from '../model/segment.js';
import type { TestsFile } from '../model/test-case.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { BaseFiles } from './base-files.js';
import { FLAG_FIELDS, SEGMENT_FIELDS } from './fields.js';

type NewFile =
  | { readonly kind: 'flag'; readonly value: FlagFile }
  | { readonly kind: 'segment'; readonly value: SegmentFile }
  | { readonly kind: 'overrides'; readonly value: OverridesFile }
  | { readonly kind: 'tests'; readonly value: TestsFile };

/** The text of a new file. Where the repository keeps schemas, the first line tells an editor where the file's is. */
export function newText({ kind, value }: NewFile, { hasSchemas }: Pick<BaseFiles, 'hasSchemas'>): string {
  const modeline = `# yaml-language-server: $schema=../../../../schemas/${kind}.json\n`;
  return (hasSchemas ? modeline : '') + printYaml(inHouseOrder(kind, value as unknown as JsonValue));
}

function inHouseOrder(kind: NewFile['kind'], value: JsonValue): JsonValue {
  if (kind === 'flag') return ordered(value as JsonObject, FLAG_FIELDS);
  return kind === 'segment' ? ordered(value as JsonObject, SEGMENT_FIELDS) : value;
}

/** Fields that are not known come last: the judge tells them. */
function ordered(file: JsonObject, fields: readonly string[]): JsonObject {
  const known = fields.filter((field) => Object.hasOwn(file, field));
  const others = Object.keys(file).filter((field) => !fields.includes(field));
  return Object.fromEntries([...known, ...others].map((field) => [field, file[field] ?? null]));
}
