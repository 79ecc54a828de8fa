import { isDeepStrictEqual } from 'node:util';
import { type JsonNode, readJsonText } from './json-text.js';

/**
 * A text of JSON with what it has not of a value: fields of objects, entries of lists. Every character of it stays; what
 * is new is written as what stands beside it. An entry with a `label` is there where another has that label. Undefined
 * where it has another shape from the top.
 */
export function addMissing(text: string, wanted: unknown): string | undefined {
  const root = readJsonText(text);
  if (!isObject(root.value) || !isObject(wanted)) return undefined;
  let added = text;
  // From the last on, so that the places of the others stay.
  for (const { at, part } of [...additions(text, root, wanted)].sort((one, other) => other.at - one.at))
    added = added.slice(0, at) + part + added.slice(at);
  return added;
}

interface Addition {
  readonly at: number;
  readonly part: string;
}

function additions(text: string, node: JsonNode, wanted: unknown): readonly Addition[] {
  if (Array.isArray(node.value) && Array.isArray(wanted)) {
    const known = node.value;
    const missing = wanted.filter((entry) => !known.some((other) => isSameEntry(other, entry)));
    return insertion(
      text,
      node,
      missing.map((entry) => ({ name: '', value: entry })),
    );
  }
  if (!isObject(node.value) || !isObject(wanted)) return [];
  const entries = Object.entries(wanted);
  const missing = entries.filter(([name]) => !node.fields.has(name));
  return [
    ...entries.flatMap(([name, value]) => {
      const field = node.fields.get(name);
      return field === undefined ? [] : additions(text, field, value);
    }),
    ...insertion(
      text,
      node,
      missing.map(([name, value]) => ({ name: `${JSON.stringify(name)}: `, value })),
    ),
  ];
}

/** What is added to one object or list, behind what it has. */
function insertion(
  text: string,
  { start, parts }: JsonNode,
  missing: readonly { readonly name: string; readonly value: unknown }[],
): readonly Addition[] {
  if (missing.length === 0) return [];
  const last = parts.at(-1);
  const line = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', last?.start ?? start) + 1))?.[0] ?? '';
  const isInline = last === undefined || !text.slice(start, last.start).includes('\n');
  const texts = missing.map(({ name, value }) =>
    isInline ? name + JSON.stringify(value) : `${name}${indented(value, line)}`,
  );
  const between = isInline ? ', ' : `,${text.includes('\r\n') ? '\r\n' : '\n'}${line}`;
  return [{ at: last?.end ?? start + 1, part: `${last === undefined ? '' : between}${texts.join(between)}` }];
}

function indented(value: unknown, line: string): string {
  return JSON.stringify(value, undefined, line.includes('\t') ? '\t' : 2).replaceAll('\n', `\n${line}`);
}

type Fields = Readonly<Record<string, unknown>>;

function isSameEntry(one: unknown, other: unknown): boolean {
  if (isObject(one) && isObject(other) && one.label !== undefined) return one.label === other.label;
  return isDeepStrictEqual(one, other);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
