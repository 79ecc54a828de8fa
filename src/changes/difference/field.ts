import { parseMoment } from '../../evaluation/check.js';
import type { JsonValue } from '../../model/values.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { changeOf, textOf } from './words.js';

/** A field in two versions, each with its default where it has one; undefined is nothing. */
export interface FieldChange<Value> extends Versions<Value | undefined> {
  /** The dotted path below the file, or below the environment's state. */
  readonly name: string;
  readonly environment?: string;
}

/** Says how a field changed. It is asked only where the two differ. */
export type Wording<Value> = (change: Versions<Value | undefined>) => string;

/** The difference of a field; none where the two are the same. */
export function diffField<Value>(
  { name, environment, before, after }: FieldChange<Value>,
  wording: Wording<Value>,
): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  const sentence = wording({ before, after });
  const top = environment === undefined ? [] : ['environments', environment];
  const at = [...top, ...name.split('.')];
  return [tell({ part: { kind: 'field', name }, at, environment, before, after, sentence })];
}

/** `owner team-a → team-b`, `owner added: team-b`, `owner removed (was team-a)`. */
export function named(name: string): Wording<JsonValue> {
  return ({ before, after }) => `${name} ${changeOf(before, after)}`;
}

/** For texts that are too long to be told. */
export function unquoted(name: string): Wording<string> {
  return ({ before, after }) => {
    if (before === undefined) return `${name} added`;
    return after === undefined ? `${name} removed` : `${name} changed`;
  };
}

/** A moment, or nothing where both versions mean the same one. */
export function diffMoment(change: FieldChange<string>, name: string): readonly PartDifference[] {
  const { before, after } = change;
  if (before !== undefined && after !== undefined && parseMoment(before) === parseMoment(after)) return [];
  return diffField(change, named(name));
}

/** Names of people's own choice, such as a tag; neither order nor doubles count. */
export function textsBut(texts: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return [...new Set(texts)].filter((text) => !known.has(text)).map(textOf);
}
