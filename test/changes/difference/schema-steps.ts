import { isDeepStrictEqual } from 'node:util';
import type { Pointer } from '../../../src/model/problem.js';
import type { JsonObject, JsonValue } from '../../../src/model/values.js';
import type { Schema, SchemaNode } from './schema-samples.js';

/** One small change of a value, as a schema sees it. */
export interface Step {
  /** The field of the definition, or the list or map in which an item is: `Rule.percentage`, `FlagFile.tags`. */
  readonly field: string;
  readonly kind: 'set' | 'change' | 'remove' | 'insert' | 'drop' | 'swap';
  /** Where: of a swap the list. */
  readonly at: Pointer;
  /** What is there before and after; undefined where there is nothing. Of a swap, the two items. */
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
  readonly apply: (root: JsonValue) => JsonValue;
}

/** Every small change of a value that its schema knows of: each field set, changed and removed, each item added, changed, removed and moved. */
export function stepsOf(schema: Schema, root: JsonValue): readonly Step[] {
  return walk({ schema, node: schema.root.node, field: schema.root.name, value: root, at: [] });
}

interface Visit {
  readonly schema: Schema;
  readonly node: SchemaNode;
  readonly field: string;
  readonly value: JsonValue;
  readonly at: Pointer;
}

function walk(visit: Visit): readonly Step[] {
  const { schema, value, at, field } = visit;
  const { node, name } = schema.resolve(visit.node, field);
  const inner = { ...visit, node, field: name };
  if (node.anyOf !== undefined) {
    const branch = node.anyOf.find((each) => fits(schema, each, value));
    const below = branch === undefined || !isNested(value) ? [] : walk({ ...visit, node: branch });
    return [...changes(visit), ...below];
  }
  if (Array.isArray(value)) return [...listSteps({ ...inner, field }, value)];
  if (isObject(value))
    return node.properties === undefined ? mapSteps({ ...inner, field }, value) : fieldSteps(inner, value);
  return at.length === 0 ? [] : changes(visit);
}

function changes({ schema, node, field, value, at }: Visit): readonly Step[] {
  return schema
    .samples(node, field)
    .filter((sample) => !isDeepStrictEqual(sample, value))
    .map((after) => ({ field, kind: 'change', at, before: value, after, apply: setter(at, after) }));
}

function fieldSteps(visit: Visit, value: JsonObject): readonly Step[] {
  const { schema, node, field: name, at } = visit;
  return Object.entries(node.properties ?? {}).flatMap(([property, child]): readonly Step[] => {
    const place = [...at, property];
    const field = `${name}.${property}`;
    const before = value[property];
    if (before === undefined) {
      return schema.samples(child, field).map((after) => {
        return { field, kind: 'set', at: place, before, after, apply: setter(place, after) };
      });
    }
    const below = walk({ schema, node: child, field, value: before, at: place });
    if (node.required?.includes(property)) return below;
    return [...below, { field, kind: 'remove', at: place, before, after: undefined, apply: remover(place) }];
  });
}

function mapSteps(visit: Visit, value: JsonObject): readonly Step[] {
  const { schema, node, field, at } = visit;
  const child = node.additionalProperties;
  if (child === undefined || child === false) return [];
  const keys = schema.samples(node.propertyNames ?? { type: 'string' }, '').map(String);
  const key = keys.find((each) => !Object.hasOwn(value, each));
  const item = `${field}.*`;
  const inserts = (key === undefined ? [] : schema.samples(child, item)).map((after): Step => {
    const place = [...at, key ?? ''];
    return { field, kind: 'insert', at: place, before: undefined, after, apply: setter(place, after) };
  });
  const items = Object.entries(value).flatMap(([name, before]): readonly Step[] => {
    const place = [...at, name];
    const drop: Step = { field, kind: 'drop', at: place, before, after: undefined, apply: remover(place) };
    return [...walk({ schema, node: child, field: item, value: before, at: place }), drop];
  });
  return [...inserts, ...items, ...keySwap(visit, value)];
}

function keySwap({ field, at }: Visit, value: JsonObject): readonly Step[] {
  const [first, ...others] = Object.entries(value);
  if (first === undefined || others.length === 0) return [];
  const turned = Object.fromEntries([...others, first]);
  return [{ field, kind: 'swap', at, before: first[1], after: others[0]?.[1], apply: setter(at, turned) }];
}

function listSteps(visit: Visit, list: readonly JsonValue[]): readonly Step[] {
  const { schema, node, field, at } = visit;
  const child = node.items ?? {};
  const item = `${field}[]`;
  const fresh = schema
    .samples(child, item)
    .filter((each) => !list.some((known) => isDeepStrictEqual(known, each)));
  const inserts = fresh.map((after): Step => {
    const place = [...at, list.length];
    return {
      field,
      kind: 'insert',
      at: place,
      before: undefined,
      after,
      apply: setter(at, [...list, after]),
    };
  });
  const items = list.flatMap((before, index): readonly Step[] => {
    const place = [...at, index];
    const apply = setter(at, list.toSpliced(index, 1));
    const drop: Step = { field, kind: 'drop', at: place, before, after: undefined, apply };
    return [...walk({ schema, node: child, field: item, value: before, at: place }), drop];
  });
  const swaps = list.slice(1).map((after, index): Step => {
    const before = list[index] ?? null;
    return {
      field,
      kind: 'swap',
      at,
      before,
      after,
      apply: setter(at, list.toSpliced(index, 2, after, before)),
    };
  });
  return [...inserts, ...items, ...swaps];
}

function setter(at: Pointer, value: JsonValue): Step['apply'] {
  return (root) => replaced(root, at, () => value);
}

function remover(at: Pointer): Step['apply'] {
  const last = at.at(-1) ?? '';
  return (root) =>
    replaced(root, at.slice(0, -1), (parent) =>
      Object.fromEntries(Object.entries(isObject(parent) ? parent : {}).filter(([name]) => name !== last)),
    );
}

function replaced(
  value: JsonValue,
  [first, ...rest]: Pointer,
  by: (value: JsonValue) => JsonValue,
): JsonValue {
  if (first === undefined) return by(value);
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === first ? replaced(item, rest, by) : item));
  }
  const object = isObject(value) ? value : {};
  return { ...object, [first]: replaced(object[first] ?? null, rest, by) };
}

/** Whether a branch of a union is the value's: by type, and of objects by the fields that they have. */
function fits(schema: Schema, branch: SchemaNode, value: JsonValue): boolean {
  const { node } = schema.resolve(branch, '');
  if (node.anyOf !== undefined) return node.anyOf.some((each) => fits(schema, each, value));
  const types = [node.type ?? []].flat();
  if (Array.isArray(value)) return types.includes('array');
  if (!isObject(value)) return types.includes(value === null ? 'null' : typeof value);
  const names = Object.keys(node.properties ?? {});
  if (node.properties === undefined) return types.includes('object');
  return (
    Object.keys(value).every((name) => names.includes(name)) &&
    (node.required ?? []).every((name) => Object.hasOwn(value, name))
  );
}

function isNested(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
