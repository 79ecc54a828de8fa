import type { EvaluationContext } from '../model/evaluation.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { Check } from './compiled.js';

/** Reads one attribute of a context; undefined (or null, which says as much) where it is missing. */
export type AttributeReader = (context: EvaluationContext) => JsonValue | undefined;

/**
 * Makes the reader of an attribute: the exact name, else a dotted path into objects. Only own properties count, so that
 * no name reaches what every object inherits.
 */
export function attributeReader(name: string): AttributeReader {
  if (name.includes('.')) return pathReader(name);
  if (name in Object.prototype) return (context) => ownProperty(context, name);
  // No object inherits this name, so the quick look-up finds own properties alone.
  return (context) => context[name];
}

/** Makes the condition that the attribute passes the test. */
export function attributeCheck(name: string, test: (value: JsonValue | undefined) => boolean): Check {
  if (name.includes('.') || name in Object.prototype) {
    const read = attributeReader(name);
    return (context) => test(read(context));
  }
  // The same as above without a closure for the reader: a process holds tens of thousands of these.
  return (context) => test(context[name]);
}

function pathReader(name: string): AttributeReader {
  const path = name.split('.');
  return (context) => {
    if (Object.hasOwn(context, name)) return context[name];
    let value: JsonValue | undefined = context;
    for (const part of path) value = isObject(value) ? ownProperty(value, part) : undefined;
    return value;
  };
}

function ownProperty(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
