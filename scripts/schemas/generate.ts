import { createGenerator, type Definition, type Schema } from 'ts-json-schema-generator';
import { EDITOR_TAGS, forEditors } from './editor-words.js';
import { mapKeyTypes } from './map-keys.js';

/** One schema file: what it says and how it is written. */
export interface SchemaText {
  readonly path: string;
  readonly schema: Schema;
  readonly text: string;
}

/** File name of the schema, the type that it is made from, and the title that editors show. */
const ROOTS = [
  { name: 'flag', type: 'FlagFile', title: 'Flagstaff flag' },
  { name: 'segment', type: 'SegmentFile', title: 'Flagstaff segment' },
  { name: 'overrides', type: 'OverridesFile', title: 'Flagstaff overrides' },
  { name: 'tests', type: 'TestsFile', title: 'Flagstaff tests' },
  { name: 'project', type: 'ProjectFile', title: 'Flagstaff project' },
  { name: 'org', type: 'OrgFile', title: 'Flagstaff organization' },
  { name: 'keys', type: 'ApiKeysFile', title: 'Flagstaff API keys' },
  { name: 'flagstaff', type: 'ConfigFile', title: 'Flagstaff settings' },
] as const;

/** What a map's key may be where its type says no more than `string`. */
const ANY_KEY: Definition = { type: 'string', not: { enum: ['__proto__', 'constructor', 'prototype'] } };

/** Makes all schemas from the types in `src/model/`. */
export function generateSchemas(): readonly SchemaText[] {
  const generator = createGenerator({
    path: 'src/model/*.ts',
    tsconfig: 'tsconfig.json',
    type: '*',
    topRef: false,
    sortProps: false,
    additionalProperties: false,
    skipTypeCheck: true,
    jsDoc: 'extended',
    extraTags: [...EDITOR_TAGS],
  });
  const keyTypes = mapKeyTypes('src/model');
  return ROOTS.map(({ name, type, title }) => {
    const generated = generator.createSchema(type);
    const all = generator.createSchema('*');
    const schema = forEditors(completed({ generated, name, title, keyTypes, all }));
    return { path: `schemas/${name}.json`, schema, text: `${JSON.stringify(schema, null, 2)}\n` };
  });
}

/** Pointers to the properties and definitions that say nothing of themselves. */
export function undescribed(schema: Definition, at = '#'): string[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => [
    ...(isDescribed(property) ? [] : [`${at}/properties/${name}`]),
    ...(typeof property === 'object' ? undescribed(property, `${at}/properties/${name}`) : []),
  ]);
  const definitions = Object.entries(schema.definitions ?? {}).flatMap(([name, definition]) => [
    ...(isDescribed(definition) ? [] : [`${at}/definitions/${name}`]),
    ...(typeof definition === 'object' ? undescribed(definition, `${at}/definitions/${name}`) : []),
  ]);
  return [...properties, ...definitions];
}

interface Completion {
  readonly generated: Schema;
  readonly name: string;
  readonly title: string;
  /** Name of a map type to the name of its keys' type; undefined where that is `string`. */
  readonly keyTypes: ReadonlyMap<string, string | undefined>;
  readonly all: Schema;
}

function completed({ generated, name, title, keyTypes, all }: Completion): Schema {
  const { $schema, definitions, ...root } = generated;
  const known = new Map(Object.entries(definitions ?? {}));
  for (const [map, key] of keyTypes) {
    const definition = known.get(map);
    if (definition === undefined || typeof definition === 'boolean') continue;
    known.set(map, { ...definition, propertyNames: key === undefined ? ANY_KEY : refTo(key) });
    const keyDefinition = key === undefined ? undefined : all.definitions?.[key];
    if (key !== undefined && keyDefinition !== undefined) known.set(key, keyDefinition);
  }
  return {
    $schema: $schema ?? 'http://json-schema.org/draft-07/schema#',
    $id: `https://flagstaff.invalid/schemas/${name}.json`,
    title,
    ...root,
    definitions: Object.fromEntries([...known].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

function refTo(definition: string): Definition {
  return { $ref: `#/definitions/${definition}` };
}

function isDescribed(schema: Definition | boolean): boolean {
  return typeof schema === 'object' && (schema.description ?? '').trim() !== '';
}
