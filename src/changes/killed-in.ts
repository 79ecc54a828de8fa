import { isMap } from '../files/print.js';
import { readSource } from '../files/yaml-source.js';
import { Failure } from '../model/failure.js';
import type { JsonValue } from '../model/values.js';
import { valueAt } from './apply-edits.js';

/** The environments in which the value of a flag's file says `killed: true`. */
export function killedIn(value: JsonValue): readonly string[] {
  const states = valueAt(value, ['environments']) ?? null;
  if (!isMap(states)) return [];
  return Object.keys(states).filter((environment) => valueAt(states, [environment, 'killed']) === true);
}

/** The same of a text; undefined where it cannot be read. */
export function killedInText(file: {
  readonly path: string;
  readonly text: string;
}): readonly string[] | undefined {
  try {
    return killedIn(readSource(file).value);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
