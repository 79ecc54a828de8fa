import { parse, YAMLError } from 'yaml';
import type { JsonObject, JsonValue } from '../../model/values.js';
import { UnreadableSource } from './imported.js';

/** The value of a text of JSON or YAML. Throws `UnreadableSource`, with the name and what is wrong where. */
export function readForeign(name: string, text: string): JsonValue {
  try {
    return (/\.ya?ml$/i.test(name) ? parseYaml(text) : JSON.parse(text)) as JsonValue;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof YAMLError || error instanceof ReferenceError)) {
      throw error;
    }
    const [sentence = ''] = error.message.split('\n');
    throw new UnreadableSource(`${name}: ${sentence.replace(/[:.]$/, '')}`);
  }
}

/** Other tools' files may have anchors and merge keys. Aliases that grow beyond measure are a `ReferenceError`. */
function parseYaml(text: string): unknown {
  const value: unknown = parse(text, { merge: true });
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

/** True for an object of JSON. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for a list of JSON. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** The objects of a list; what is no list has none. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** The texts of a list; what is no list has none. */
export function textsOf(value: JsonValue | undefined): readonly string[] {
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** The text, or undefined where it is none or empty. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
