import { hasComment } from '../files/comments.js';
import { type Edit, editSource } from '../files/edit.js';
import { isMap } from '../files/print.js';
import { readSource, type Source } from '../files/yaml-source.js';
import { textOf } from '../files/yaml-text.js';
import { Failure } from '../model/failure.js';
import { environmentState, type FlagFile } from '../model/flag.js';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { valueAt } from './apply-edits.js';
import type { Draft } from './draft.js';
import { newState } from './new-state.js';

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

/** The environments in which a flag is killed: as its file says, or the version that is served where that cannot be read. */
export function killedNow(files: Draft, path: string): readonly string[] {
  const text = files.readIfText(path);
  const killed = text === undefined ? undefined : killedInText({ path, text });
  if (killed !== undefined) return killed;
  const good = files.readLastGood(path);
  return good === undefined ? [] : (killedInText({ path, text: good }) ?? []);
}

/**
 * The edits that set or release the switch. An environment without a state gets one that is switched off. A released
 * switch goes from the file, but for one that says `false` already, or has a comment: that stays, with what people wrote.
 */
export function killEdits(source: Source, environment: string, isKilled: boolean): readonly Edit[] {
  const at = ['environments', environment];
  const state = valueAt(source.value, at);
  const hasState = state !== undefined && isMap(state);
  if (!isKilled) return hasState ? releaseEdits(source, [...at, 'killed']) : [];
  if (hasState) return [{ at: [...at, 'killed'], set: true }];
  return [{ at, set: newState(source.value, { killed: true }) }];
}

function releaseEdits(source: Source, at: Pointer): readonly Edit[] {
  const killed = valueAt(source.value, at);
  if (killed === undefined || killed === false) return [];
  return [hasComment(source, at) ? { at, set: false } : { at, remove: true }];
}

/**
 * The text of a flag's file with its kill switches as they are in the version that is served: a switch may have been set
 * since the text was written, by a file that waited for others.
 */
export function withSwitchesOf(
  served: FlagFile,
  file: { readonly path: string; readonly text: string },
): string {
  const source = readSource(file);
  const killed = killedIn(source.value);
  const environments = new Set([...Object.keys(served.environments), ...killed]);
  const isKilled = (environment: string): boolean => environmentState(served, environment).killed === true;
  const others = [...environments].filter(
    (environment) => isKilled(environment) !== killed.includes(environment),
  );
  const edits = others.flatMap((environment) => killEdits(source, environment, isKilled(environment)));
  return textOf(editSource(source, edits));
}
