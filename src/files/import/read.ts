import { type Document, isScalar, parseAllDocuments, visit, YAMLError } from 'yaml';
import type { JsonObject, JsonValue } from '../../model/values.js';
import { UnreadableSource } from './imported.js';
import { repeatedJsonKey } from './repeated-key.js';

/** No tool nests what it writes as deep, and whoever reads values goes down into them. */
const DEEPEST = 500;

/** The value of a text of JSON or YAML. Throws `UnreadableSource`, with the name and what is wrong where. */
export function readForeign(name: string, text: string): JsonValue {
  const [value = null, second] = readForeignAll(name, text);
  if (second !== undefined) throw new UnreadableSource(`${name}: it holds several documents; one was wanted`);
  return value;
}

/** The values of a text of JSON, or of one with several documents of YAML. Throws `UnreadableSource`. */
export function readForeignAll(name: string, text: string): readonly JsonValue[] {
  try {
    const values = isYaml(name, text) ? parseYaml(text) : [parseJson(text)];
    if (values.length === 0) throw new SyntaxError('there is nothing in it');
    if (values.some((value) => isDeep(value))) throw new SyntaxError(TOO_DEEP);
    return values;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof YAMLError || error instanceof ReferenceError)) {
      throw error;
    }
    const [sentence = ''] = error.message.split('\n');
    throw new UnreadableSource(`${name}: ${sentence.replace(/[:.]$/, '')}`);
  }
}

const TOO_DEEP = `it is nested more than ${DEEPEST} deep`;

/** Standard input has no ending: it is JSON where it starts as JSON does. */
function isYaml(name: string, text: string): boolean {
  return /\.ya?ml$/i.test(name) || !(/\.json$/i.test(name) || /^\s*[[{"]/.test(text));
}

function parseJson(text: string): JsonValue {
  const value = JSON.parse(text) as JsonValue;
  const key = repeatedJsonKey(text);
  if (key !== undefined) throw new SyntaxError(twice(key));
  return value;
}

/** Other tools' files may have anchors and merge keys. Aliases that grow beyond measure are a `ReferenceError`. */
function parseYaml(text: string): readonly JsonValue[] {
  const documents = parseAllDocuments(text, { merge: true, uniqueKeys: false });
  if ('empty' in documents) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    refuseRepeated(document);
    return JSON.parse(JSON.stringify(document.toJS() ?? null)) as JsonValue;
  });
}

/** The library would compare each key with all others. */
function refuseRepeated(document: Document.Parsed): void {
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        const name = String(key.value);
        if (keys.has(name)) throw new SyntaxError(twice(name));
        keys.add(name);
      }
    },
  });
}

function twice(key: string): string {
  return `the key ${JSON.stringify(key.slice(0, 60))} stands twice in one map`;
}

/** True for a value that is nested deeper than `deepest`. */
export function isDeep(value: JsonValue, deepest = DEEPEST): boolean {
  let level: readonly JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
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
