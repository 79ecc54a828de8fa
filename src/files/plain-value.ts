import {
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type ParsedNode,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { ProblemCode } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { KEYS_LIMIT, tooManyKeys } from './syntax.js';
import type { TextProblem } from './text.js';

/** A document's value as JSON has it, and what YAML allows but JSON or a flag file does not. */
export interface PlainValue {
  readonly value: JsonValue;
  readonly problems: readonly TextProblem[];
}

/** Names that reach an object's prototype in careless code somewhere. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What YAML 1.1 readers take for true or false. `on` and `off` as we write them are names of variants. */
const YAML_1_1_WORD = /^(?:y|Y|n|N|yes|Yes|YES|no|No|NO|On|ON|Off|OFF)$/;

/** Makes the plain value of a document and judges its keys and scalars, in one walk. */
export function plainValue(root: ParsedNode): PlainValue {
  const problems: TextProblem[] = [];
  return { value: nodeValue(root, problems), problems };
}

/** True for plain text that YAML 1.1 would read as true or false. */
function isYaml11Word(node: Scalar): boolean {
  return node.type === 'PLAIN' && typeof node.value === 'string' && YAML_1_1_WORD.test(node.value);
}

function nodeValue(node: ParsedNode | null, problems: TextProblem[]): JsonValue {
  if (isScalar(node)) return scalarValue(node, problems);
  if (isMap(node)) return mapValue(node as YAMLMap.Parsed, problems);
  if (isSeq(node)) return listValue(node as YAMLSeq.Parsed, problems);
  if (node === null) return null;
  throw new Error('an alias got past the lexer');
}

function listValue(node: YAMLSeq.Parsed, problems: TextProblem[]): JsonValue {
  return node.items.map((item) => nodeValue(item as ParsedNode | null, problems));
}

function mapValue(node: YAMLMap.Parsed, problems: TextProblem[]): JsonValue {
  if (node.items.length > KEYS_LIMIT) problems.push(tooManyKeys(node.range[0]));
  const object: Record<string, JsonValue> = {};
  for (const pair of node.items)
    addPair({ pair: pair as Pair<ParsedNode, ParsedNode | null>, object, problems, node });
  return object;
}

interface PairInMap {
  readonly pair: Pair<ParsedNode, ParsedNode | null>;
  readonly object: Record<string, JsonValue>;
  readonly problems: TextProblem[];
  readonly node: YAMLMap.Parsed;
}

function addPair({ pair, object, problems, node }: PairInMap): void {
  const key = keyText(pair.key, problems, node.range[0]);
  const value = nodeValue(pair.value, problems);
  if (key === undefined) return;
  if (Object.hasOwn(object, key)) {
    const message = `key ${key} stands twice in this map`;
    problems.push(wrong(pair.key.range[0], 'DUPLICATE_KEY', message));
  } else {
    object[key] = value;
  }
}

/** A key as text, or undefined where it may not be one. `1` and `"1"` are the same key. */
function keyText(node: ParsedNode | null, problems: TextProblem[], mapOffset: number): string | undefined {
  const offset = node?.range[0] ?? mapOffset;
  if (!isScalar(node)) {
    problems.push(wrong(offset, 'YAML_FEATURE', 'a map or a list is a key here; text was wanted'));
    return undefined;
  }
  if (typeof node.value !== 'string') {
    const message = `key ${node.source || 'null'} is no text; write it in quotes, or take a name that begins with a letter`;
    problems.push(wrong(offset, 'WRONG_TYPE', message));
    return String(node.value);
  }
  if (node.value === '<<' && node.type === 'PLAIN') {
    problems.push(wrong(offset, 'YAML_FEATURE', 'a merge key is not read here; write the values out'));
    return undefined;
  }
  if (FORBIDDEN_KEYS.has(node.value)) {
    problems.push(wrong(offset, 'FORBIDDEN_KEY', `${node.value} may not be a key`));
    return undefined;
  }
  if (node.value.length <= 3) noteYaml11Word(node, problems);
  return node.value;
}

function scalarValue(node: Scalar.Parsed, problems: TextProblem[]): JsonValue {
  const { value } = node;
  if (typeof value === 'string') {
    if (value.length <= 3) noteYaml11Word(node, problems);
    return value;
  }
  if (typeof value === 'number') return numberValue(node, value, problems);
  return value as boolean | null;
}

function numberValue(node: Scalar.Parsed, value: number, problems: TextProblem[]): number {
  if (!Number.isFinite(value)) {
    problems.push(wrong(node.range[0], 'INVALID_VALUE', `${node.source} is no number that JSON can write`));
  } else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    const message = `${node.source} is too large to be exact; write it in quotes`;
    problems.push(wrong(node.range[0], 'UNSAFE_INTEGER', message));
  }
  return value === 0 ? 0 : value;
}

function noteYaml11Word(node: Scalar.Parsed, problems: TextProblem[]): void {
  if (!isYaml11Word(node)) return;
  const message = `${node.source} is text here, but true or false to readers of YAML 1.1; write it in quotes`;
  problems.push({ offset: node.range[0], code: 'YAML_1_1_WORD', severity: 'warning', message });
}

function wrong(offset: number, code: ProblemCode, message: string): TextProblem {
  return { offset, code, severity: 'error', message };
}
