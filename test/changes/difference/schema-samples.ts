import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';

/** As much of JSON Schema as the generated schemas say of values. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly JsonValue[];
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | false;
  readonly propertyNames?: SchemaNode;
  readonly definitions?: Readonly<Record<string, SchemaNode>>;
}

/** A schema, with the name of its definition. */
export interface NamedNode {
  readonly name: string;
  readonly node: SchemaNode;
}

/** The deepest nesting of samples: below it only what nests nothing. */
const DEPTH = 2;
/** How many values there are of a list or a field within a sample. */
const NESTED_LIMIT = 2;

/** Texts of a form of their own, each another one for another number. */
const FRESH: Readonly<Record<string, (count: number) => JsonValue>> = {
  KebabText: (count) => `word-${count}`,
  NameText: (count) => `name-${count}`,
  Day: (count) => new Date(Date.UTC(2030, 0, 1 + count)).toISOString().slice(0, 10),
  Timestamp: (count) => new Date(Date.UTC(2030, 0, 1) + count * 1000).toISOString(),
  IdText: (count) => `id_${count}`,
  EmailText: (count) => `person-${count}@example.com`,
  PermissionText: (count) => `project:word-${count}:member`,
  NetworkText: (count) => `10.${(count >> 8) & 255}.${count & 255}.0/24`,
  VersionText: (count) => `1.${count}.0`,
  Percentage: (count) => (count % 999) / 10,
  Weight: (count) => 100 + count,
  Split: (count) => ({ on: 7, red: 100 + count }),
  'Webhook.url': (count) => `https://hooks-${count}.example.com/flags`,
  'AttributeClause.semverRange': (count) => `>=1.${count}.0`,
  'ApiKeyEntry.hash': (count) => createHash('sha256').update(String(count)).digest('hex'),
  'ApiKeyEntry.prefix': (count) => `fs_key_${count}`,
  'PreviousApiKey.hash': (count) => createHash('sha256').update(String(count)).digest('hex'),
  'PreviousApiKey.prefix': (count) => `fs_key_${count}`,
};

/** What a file must name of itself, so that it is not fresh. */
const KNOWN: Readonly<Record<string, readonly JsonValue[]>> = {
  VariantName: ['on', 'off', 'blue', 'red'],
  'ProjectFile.defaultEnvironment': ['development', 'staging', 'production'],
};

/** A schema of `schemas/`, and values that it lets pass. */
export class Schema {
  readonly root: NamedNode;
  readonly #definitions: Readonly<Record<string, SchemaNode>>;
  #count = 0;

  constructor(file: string, rootName: string) {
    const url = new URL(`../../../schemas/${file}.json`, import.meta.url);
    const node = JSON.parse(readFileSync(url, 'utf8')) as SchemaNode;
    this.root = { name: rootName, node };
    this.#definitions = node.definitions ?? {};
  }

  /** Every definition with fields, the file itself first. */
  objects(): readonly NamedNode[] {
    const named = Object.entries(this.#definitions).map(([name, node]) => ({ name, node }));
    return [this.root, ...named].filter(({ node }) => node.properties !== undefined);
  }

  /** What a reference means; any other schema has the name given. */
  resolve(node: SchemaNode, otherwise: string): NamedNode {
    const name = node.$ref?.replace('#/definitions/', '');
    if (name === undefined) return { name: otherwise, node };
    return { name, node: this.#definitions[name] ?? {} };
  }

  /** Values of each branch, with each optional field and each operator, and none of the fresh ones twice. */
  samples(schema: SchemaNode, field: string, depth = 0): readonly JsonValue[] {
    const { name, node } = this.resolve(schema, field);
    const known = KNOWN[field] ?? KNOWN[name];
    if (known !== undefined) return known;
    const fresh = FRESH[field] ?? FRESH[name];
    this.#count += 1;
    if (fresh !== undefined) return [fresh(this.#count)];
    if (node.enum !== undefined) return node.enum;
    if (node.anyOf !== undefined) return node.anyOf.flatMap((branch) => this.samples(branch, name, depth));
    return [node.type ?? []].flat().flatMap((type) => this.#ofType(type, { name, node }, depth));
  }

  #ofType(type: string, { name, node }: NamedNode, depth: number): readonly JsonValue[] {
    if (type === 'null') return [null];
    if (type === 'boolean') return [true, false];
    if (type === 'number' || type === 'integer') return [1000 + this.#count];
    if (type === 'string') return [`text${this.#count}`];
    if (depth > DEPTH) return [];
    if (type === 'array') {
      const items = this.samples(node.items ?? {}, name, depth + 1);
      return items.slice(0, depth === 0 ? items.length : NESTED_LIMIT).map((item) => [item]);
    }
    return node.properties === undefined ? this.#maps(node, depth) : this.#records({ name, node }, depth);
  }

  #maps({ propertyNames, additionalProperties }: SchemaNode, depth: number): readonly JsonValue[] {
    if (additionalProperties === undefined || additionalProperties === false) return [];
    const [key = ''] = this.samples(propertyNames ?? { type: 'string' }, '');
    return this.samples(additionalProperties, '', depth + 1).map((value) => ({ [String(key)]: value }));
  }

  /** One with all that it must have, and one more for each field that it may have. */
  #records({ name, node }: NamedNode, depth: number): readonly JsonValue[] {
    const valuesOf = (field: string): readonly JsonValue[] =>
      this.samples(node.properties?.[field] ?? {}, `${name}.${field}`, depth + 1);
    const { required = [] } = node;
    const must: [string, readonly JsonValue[]][] = required.map((field) => [field, valuesOf(field)]);
    if (must.some(([, values]) => values.length === 0)) return [];
    const least = Object.fromEntries(must.map(([field, [first = null]]) => [field, first])) as JsonObject;
    const others = must.flatMap(([field, values]) =>
      values
        .slice(1, depth === 0 ? values.length : NESTED_LIMIT)
        .map((value) => ({ ...least, [field]: value })),
    );
    const optional = Object.keys(node.properties ?? {}).filter((field) => !required.includes(field));
    const more = optional.flatMap((field) =>
      valuesOf(field)
        .slice(0, 1)
        .map((value) => ({ ...least, [field]: value })),
    );
    return [least, ...others, ...more];
  }
}
