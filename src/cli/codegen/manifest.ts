import { unreachable } from '../../model/unreachable.js';
import type { JsonObject, JsonValue } from '../../model/values.js';
import type { GeneratedFlag } from './generated-flag.js';
import { type Property, type Shape, shapeOf } from './shape.js';

/** Where OpenFeature keeps the schema of its manifests: https://github.com/open-feature/cli, schema/v0. */
const SCHEMA =
  'https://raw.githubusercontent.com/open-feature/cli/refs/heads/main/schema/v0/flag-manifest.json';

/** The flags as the command line of OpenFeature reads them, to generate code in the languages that it knows. */
export function manifestText(flags: readonly GeneratedFlag[]): string {
  const entries = flags.map((flag) => [flag.key, manifestFlag(flag)]);
  return `${JSON.stringify({ $schema: SCHEMA, flags: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

function manifestFlag(flag: GeneratedFlag): JsonObject {
  const { description } = flag;
  return {
    flagType: manifestType(flag),
    defaultValue: manifestDefault(flag),
    ...(description === '' ? {} : { description }),
    ...objectSchema(flag),
  };
}

/** Numbers are whole where every variant is. */
function manifestType({ type, variants }: GeneratedFlag): string {
  if (type !== 'number') return type;
  return [...variants.values()].every(Number.isInteger) ? 'integer' : 'float';
}

/** A manifest must have a default; without an off variant it is the value that says nothing. */
function manifestDefault({ type, defaultValue }: GeneratedFlag): JsonValue {
  if (defaultValue !== undefined) return defaultValue;
  switch (type) {
    case 'boolean':
      return false;
    case 'string':
      return '';
    case 'number':
      return 0;
    case 'object':
      return {};
    default:
      return unreachable(type);
  }
}

/** What a manifest's schema cannot say, such as one of two kinds, leaves it out; so does a default that it would refuse. */
function objectSchema({ type, variants, defaultValue }: GeneratedFlag): JsonObject {
  if (type !== 'object' || defaultValue === undefined) return {};
  const shape = shapeOf([...variants.values()]);
  const schema = shape && schemaOf(shape);
  return schema === undefined ? {} : { schema };
}

function schemaOf(shape: Shape): JsonObject | undefined {
  switch (shape.kind) {
    case 'boolean':
    case 'string':
      return { type: shape.kind };
    case 'number':
      return { type: shape.isInteger ? 'integer' : 'number' };
    case 'list':
      return listSchema(shape.items);
    case 'object':
      return propertiesSchema(shape.properties);
    case 'null':
    case 'union':
      return undefined;
    default:
      return unreachable(shape);
  }
}

function listSchema(items: Shape | undefined): JsonObject | undefined {
  if (items === undefined) return { type: 'array' };
  const schema = schemaOf(items);
  return schema && { type: 'array', items: schema };
}

function propertiesSchema(properties: ReadonlyMap<string, Property>): JsonObject | undefined {
  const schemas: [string, JsonObject][] = [];
  for (const [name, { shape }] of properties) {
    const schema = schemaOf(shape);
    if (schema === undefined) return undefined;
    schemas.push([name, schema]);
  }
  const required = [...properties].filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  return { type: 'object', properties: Object.fromEntries(schemas), required };
}
