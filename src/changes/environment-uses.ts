import type { Edit } from '../files/edit.js';
import { type Place, placeOf } from '../files/paths.js';
import { isMap } from '../files/print.js';
import type { Source } from '../files/yaml-source.js';
import { Failure } from '../model/failure.js';
import type { EnvironmentKey, OrgKey } from '../model/keys.js';
import type { JsonValue } from '../model/values.js';
import { applyEdits, valueAt } from './apply-edits.js';
import type { Draft } from './draft.js';
import type { EnvironmentDelete } from './project-change.js';

/** A file that names an environment, and what takes the name out of it. */
interface EnvironmentUse {
  readonly place: NamingPlace;
  readonly source: Source;
  /** Items of a list go from the last one on, so that no place moves before it is used. */
  readonly edits: readonly Edit[];
  /** True where nothing is left of a list. */
  readonly isAll: boolean;
  /** Of API keys, their names. */
  readonly names: readonly string[];
}

type NamingPlace =
  | Extract<Place, { readonly kind: 'flag' | 'overrides' | 'tests' }>
  | (Extract<Place, { readonly kind: 'project' | 'api-keys' }> & { readonly kind: 'api-keys' });

/** All of them, in order of the paths. Throws FILE_BROKEN for a file that nobody can read: it may name it too. */
export function usesOfEnvironment(
  files: Draft,
  { project, environment }: EnvironmentDelete,
  org: OrgKey,
): readonly EnvironmentUse[] {
  const paths = new Set([...files.base.filesNaming(project, environment), ...files.touched()]);
  return [...paths].sort().flatMap((path) => {
    const meaning = placeOf(path);
    if (meaning.kind !== 'file' || !isNaming(meaning.place)) return [];
    const { place } = meaning;
    if (place.org !== org || place.project !== project) return [];
    const source = files.readSource(path);
    return source === undefined ? [] : useIn(place, source, environment);
  });
}

/** A file without entries goes too. */
export function takeOut(files: Draft, { source, edits, isAll }: EnvironmentUse, now: number): void {
  if (isAll) files.put(source.path, null);
  else applyEdits(files, { source, edits, now });
}

/** Throws `Failure` ENVIRONMENT_IN_USE with what names it. */
export function refuseNamed({ environment }: EnvironmentDelete, uses: readonly EnvironmentUse[]): void {
  if (uses.length === 0) return;
  const keysOf = (kind: 'flag' | 'overrides' | 'tests'): readonly string[] =>
    uses.flatMap(({ place }) => (place.kind === kind ? [place.key] : []));
  const details = {
    flags: keysOf('flag'),
    overrides: keysOf('overrides'),
    tests: keysOf('tests'),
    keys: uses.flatMap(({ names }) => names),
  };
  const counts = Object.entries(details).map(([what, names]) => `${names.length} ${WORDS[what] ?? what}`);
  const sentence = `environment ${environment} cannot be deleted, it is named by ${counts.join(', ')}`;
  throw new Failure('conflict', 'ENVIRONMENT_IN_USE', sentence, { data: { details } });
}

const WORDS: Readonly<Record<string, string>> = {
  flags: 'flags',
  overrides: 'files of overrides',
  tests: 'files of tests',
  keys: 'API keys',
};

function isNaming(place: Place): place is NamingPlace {
  return (
    place.kind === 'flag' || place.kind === 'overrides' || place.kind === 'tests' || place.kind === 'api-keys'
  );
}

function useIn(place: NamingPlace, source: Source, environment: EnvironmentKey): readonly EnvironmentUse[] {
  const { value } = source;
  const { kind } = place;
  const edits = kind === 'flag' ? stateEdits(value, environment) : itemEdits(kind, value, environment);
  if (edits.length === 0) return [];
  const dropped = edits.filter(({ at }) => at.length === 1).map(({ at: [index = 0] }) => index);
  const isAll = Array.isArray(value) && dropped.length === value.length;
  const names =
    kind === 'api-keys' ? dropped.map((index) => String(valueAt(value, [index, 'name']))).reverse() : [];
  return [{ place, source, edits, isAll, names }];
}

function stateEdits(value: JsonValue, environment: EnvironmentKey): readonly Edit[] {
  const at = ['environments', environment];
  return valueAt(value, at) === undefined ? [] : [{ at, remove: true }];
}

function itemEdits(
  kind: 'overrides' | 'tests' | 'api-keys',
  value: JsonValue,
  environment: EnvironmentKey,
): readonly Edit[] {
  if (!Array.isArray(value)) return [];
  const items = [...(value as readonly JsonValue[]).entries()].reverse();
  if (kind === 'overrides') return items.flatMap(([index, item]) => narrowing(item, index, environment));
  return items.flatMap(([index, item]) =>
    isMap(item) && item.environment === environment ? [{ at: [index], remove: true } as const] : [],
  );
}

/** An entry that counts nowhere else, of overrides or of webhooks, goes whole. */
export function narrowing(entry: JsonValue, index: number, environment: EnvironmentKey): readonly Edit[] {
  const listed = valueAt(entry, ['environments']);
  if (!Array.isArray(listed) || !listed.includes(environment)) return [];
  if (listed.every((key) => key === environment)) return [{ at: [index], remove: true }];
  return [...listed.entries()]
    .filter(([, key]) => key === environment)
    .reverse()
    .map(([place]) => ({ at: [index, 'environments', place], remove: true }) as const);
}
