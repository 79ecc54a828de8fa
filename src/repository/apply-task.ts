import { type Applied, applyChanges } from '../changes/apply.js';
import type { ApplyOptions } from '../changes/apply-options.js';
import type { Change } from '../changes/change.js';
import { Failure, type FailureData, type FailureKind } from '../model/failure.js';
import type { EnvironmentKey, ProjectKey } from '../model/keys.js';

/** The changes of a write, and all that they may look at, as values: another thread can apply them too. */
export interface ApplyTask {
  readonly task: 'apply';
  readonly changes: readonly Change[];
  readonly options: ApplyOptions;
  readonly base: BaseValues;
}

/** What `BaseFiles` answers. */
export interface BaseValues {
  readonly hasSchemas: boolean;
  readonly paths: ReadonlySet<string>;
  /** By path, the text of a file that is there, or why it has none. */
  readonly texts: ReadonlyMap<string, string | FailureValues>;
  readonly lastGood: ReadonlyMap<string, string>;
  readonly environments: ReadonlyMap<ProjectKey, readonly string[]>;
  /** By project and environment, as `namingKey` joins them. */
  readonly naming: ReadonlyMap<string, readonly string[]>;
}

/** A `Failure` without its stack. */
export interface FailureValues {
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  readonly data: FailureData;
}

/** What became of the changes, or why they are refused. */
export type ApplyAnswer =
  | { readonly kind: 'applied'; readonly applied: Applied }
  | { readonly kind: 'refused'; readonly failure: FailureValues };

/** Applies the changes. Pure. */
export function applyTask({ changes, options, base }: ApplyTask): ApplyAnswer {
  try {
    const applied = applyChanges(changes, { ...base, ...readersOf(base) }, options);
    return { kind: 'applied', applied };
  } catch (error) {
    if (error instanceof Failure) return { kind: 'refused', failure: failureValues(error) };
    throw error;
  }
}

/** How many characters there are to read: what decides whether the main thread has the time. */
export function sizeOf({ base, changes }: ApplyTask): number {
  const texts = [...base.texts.values(), ...base.lastGood.values()];
  const lengths = texts.map((text) => (typeof text === 'string' ? text.length : 0));
  return lengths.reduce((sum, length) => sum + length, JSON.stringify(changes).length);
}

export function failureValues({ kind, code, message, data }: Failure): FailureValues {
  return { kind, code, message, data };
}

export function failureOf({ kind, code, message, data }: FailureValues): Failure {
  return new Failure(kind, code, message, { data });
}

/** What stands for an environment of a project. */
export function namingKey(project: ProjectKey, environment: EnvironmentKey): string {
  return `${project}/${environment}`;
}

function readersOf({ texts, lastGood, environments, naming }: BaseValues) {
  return {
    readText: (path: string): string | undefined => {
      const text = texts.get(path);
      if (typeof text === 'object') throw failureOf(text);
      return text;
    },
    readLastGood: (path: string): string | undefined => lastGood.get(path),
    filesNaming: (project: ProjectKey, environment: EnvironmentKey): readonly string[] =>
      naming.get(namingKey(project, environment)) ?? [],
    environmentsOf: (project: ProjectKey): readonly string[] | undefined => environments.get(project),
  };
}
