import type { JsonObject, JsonValue } from '../../model/values.js';

/** What values have in common: what a type can say of all of them. */
export type Shape =
  | { readonly kind: 'null' | 'boolean' | 'string' }
  | { readonly kind: 'number'; readonly isInteger: boolean }
  /** `items` is undefined where every list is empty. */
  | { readonly kind: 'list'; readonly items: Shape | undefined }
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, Property> }
  /** Of two or more kinds. */
  | { readonly kind: 'union'; readonly members: readonly Shape[] };

/** A property of some of the objects; an optional one is not in all of them. */
export interface Property {
  readonly shape: Shape;
  readonly isOptional: boolean;
}

/** The shape that all of these values have; undefined of none. Lists and objects are merged part by part. */
export function shapeOf(values: readonly JsonValue[]): Shape | undefined {
  const members = [
    ...(values.includes(null) ? [{ kind: 'null' } as const] : []),
    ...(values.some((value) => typeof value === 'boolean') ? [{ kind: 'boolean' } as const] : []),
    ...(values.some((value) => typeof value === 'string') ? [{ kind: 'string' } as const] : []),
    ...numberShape(values.filter((value) => typeof value === 'number')),
    ...listShape(values.filter(isList)),
    ...objectShape(values.filter(isObject)),
  ];
  const [first, second] = members;
  return second === undefined ? first : { kind: 'union', members };
}

function numberShape(numbers: readonly number[]): readonly Shape[] {
  return numbers.length === 0 ? [] : [{ kind: 'number', isInteger: numbers.every(Number.isInteger) }];
}

function listShape(lists: readonly (readonly JsonValue[])[]): readonly Shape[] {
  return lists.length === 0 ? [] : [{ kind: 'list', items: shapeOf(lists.flat()) }];
}

function objectShape(objects: readonly JsonObject[]): readonly Shape[] {
  if (objects.length === 0) return [];
  const names = new Set(objects.flatMap((object) => Object.keys(object)));
  const properties = new Map<string, Property>();
  for (const name of names) {
    const values = objects.flatMap((object) => (Object.hasOwn(object, name) ? [object[name] ?? null] : []));
    const shape = shapeOf(values);
    if (shape !== undefined) properties.set(name, { shape, isOptional: values.length < objects.length });
  }
  return [{ kind: 'object', properties }];
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
