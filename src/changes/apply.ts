import { type Edit, editSource, effectiveEdits } from '../files/edit.js';
import { pathOf } from '../files/paths.js';
import { isMap, printYaml } from '../files/print.js';
import { readSource, type Source } from '../files/yaml-source.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import { unreachable } from '../model/unreachable.js';
import type { JsonObject, JsonValue } from '../model/values.js';
import type { Change, FlagCreate, FlagDelete, FlagUpdate } from './change.js';
import { FLAG_FIELDS } from './fields.js';

/** A file as it is to be: its whole text, or null where it is to go. */
export interface FileEdit {
  readonly path: string;
  readonly text: string | null;
}

/** The files that changes are applied to, as one commit has them. */
export interface BaseFiles {
  /** Every path of the organization. */
  readonly paths: ReadonlySet<string>;
  /** The text of a file that `pathsOf` names, or undefined where it is not there. Throws FILE_BROKEN for what is no text. */
  readonly readText: (path: string) => string | undefined;
  /** True where the repository keeps the schemas at its top, so that an editor finds them from a flag's file. */
  readonly hasSchemas: boolean;
}

/** What became of the changes. */
export interface Applied {
  /** Files whose text is another one afterwards, one entry each. */
  readonly edits: readonly FileEdit[];
  /** The changes without what the files said already: what a commit message is about. */
  readonly effective: readonly Change[];
}

/** The file that a change is about. */
export function mainPath(org: OrgKey, change: Change): string {
  return pathOf({ kind: 'flag', org, project: change.project, key: change.flag });
}

/** Every file that a change may touch, the main one first. */
export function pathsOf(org: OrgKey, change: Change): readonly string[] {
  const main = mainPath(org, change);
  if (change.kind !== 'flag.delete') return [main];
  const { project, flag: key } = change;
  return [main, ...(['overrides', 'tests'] as const).map((kind) => pathOf({ kind, org, project, key }))];
}

/**
 * Applies the changes one after the other, each to what the ones before it left. Pure; `now` is the clock, in epoch
 * milliseconds. Throws `Failure` FLAG_EXISTS, FLAG_NOT_FOUND, FLAG_KILLED, FILE_BROKEN or PROJECT_NOT_FOUND.
 */
export function applyChanges(
  changes: readonly Change[],
  base: BaseFiles,
  options: { readonly org: OrgKey; readonly now: number },
): Applied {
  const files = new Draft(base);
  const effective = changes.flatMap((change) => applyOne(files, change, options));
  return { edits: files.edits(), effective };
}

interface Options {
  readonly org: OrgKey;
  readonly now: number;
}

function applyOne(files: Draft, change: Change, options: Options): readonly Change[] {
  switch (change.kind) {
    case 'flag.create':
      return createFlag(files, change, options);
    case 'flag.update':
      return updateFlag(files, change, options);
    case 'flag.delete':
      return deleteFlag(files, change, options);
    default:
      return unreachable(change);
  }
}

/** The line that tells an editor where the schema of a flag's file is. */
const MODELINE = '# yaml-language-server: $schema=../../../../schemas/flag.json\n';

function createFlag(files: Draft, change: FlagCreate, { org }: Options): readonly Change[] {
  const path = mainPath(org, change);
  if (!files.has(pathOf({ kind: 'project', org, project: change.project }))) {
    throw new Failure('not-found', 'PROJECT_NOT_FOUND', `there is no project ${org}/${change.project}`);
  }
  const twin = files.twinOf(path);
  if (twin !== undefined) throw flagExists(path, twin);
  files.put(
    path,
    (files.hasSchemas ? MODELINE : '') + printYaml(inHouseOrder(change.file as unknown as JsonObject)),
  );
  return [change];
}

function updateFlag(files: Draft, change: FlagUpdate, { org, now }: Options): readonly Change[] {
  const path = mainPath(org, change);
  const text = files.read(path);
  if (text === undefined) throw flagNotFound(change);
  const source = readSource({ path, text });
  refuseKilled(source, change);
  const edits = effectiveEdits(source, change.edits);
  if (edits.length === 0) return [];
  files.put(path, editSource(source, [...edits, ...updateTime(source, now)]));
  return [{ ...change, edits }];
}

/** A file that is broken beyond reading can be deleted all the same. */
function deleteFlag(files: Draft, change: FlagDelete, { org }: Options): readonly Change[] {
  if (!files.has(mainPath(org, change))) throw flagNotFound(change);
  for (const path of pathsOf(org, change)) if (files.has(path)) files.put(path, null);
  return [change];
}

function flagNotFound({ flag, project }: FlagUpdate | FlagDelete): Failure {
  return new Failure('not-found', 'FLAG_NOT_FOUND', `there is no flag ${flag} in ${project}`);
}

/** Asked of the text that is edited, so that nobody's kill is undone between reading and writing. */
function refuseKilled({ value }: Source, { flag, unlessKilledIn }: FlagUpdate): void {
  if (unlessKilledIn === undefined) return;
  const state = childOf(childOf(value, 'environments'), unlessKilledIn);
  if (childOf(state, 'killed') !== true) return;
  const sentence = `flag ${flag}: killed in ${unlessKilledIn}, revive it first`;
  throw new Failure('conflict', 'FLAG_KILLED', sentence);
}

function childOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return value !== undefined && isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A file that says when it was last changed goes on saying so. */
function updateTime({ value }: Source, now: number): readonly Edit[] {
  if (childOf(value, 'updatedAt') === undefined) return [];
  return [{ at: ['updatedAt'], set: `${new Date(now).toISOString().slice(0, 19)}Z` }];
}

function inHouseOrder(file: JsonObject): JsonObject {
  const known = FLAG_FIELDS.filter((field) => Object.hasOwn(file, field));
  const others = Object.keys(file).filter((field) => !FLAG_FIELDS.includes(field));
  return Object.fromEntries([...known, ...others].map((field) => [field, file[field] ?? null]));
}

function flagExists(path: string, twin: string): Failure {
  const sentence =
    twin === path
      ? `${path} is there already`
      : `${twin} is there already, and differs only in case from ${path}`;
  return new Failure('conflict', 'FLAG_EXISTS', sentence, { data: { details: { path: twin } } });
}

/** The files as the changes so far would have them. */
class Draft {
  readonly hasSchemas: boolean;
  readonly #base: BaseFiles;
  readonly #texts = new Map<string, string | null>();

  constructor(base: BaseFiles) {
    this.#base = base;
    this.hasSchemas = base.hasSchemas;
  }

  has(path: string): boolean {
    const text = this.#texts.get(path);
    return text === undefined ? this.#base.paths.has(path) : text !== null;
  }

  read(path: string): string | undefined {
    const text = this.#texts.get(path);
    return text === undefined ? this.#base.readText(path) : (text ?? undefined);
  }

  put(path: string, text: string | null): void {
    this.#texts.set(path, text);
  }

  /** The file of that name, or the one whose name differs only in case: some systems keep only one of them. */
  twinOf(path: string): string | undefined {
    const folded = path.toLowerCase();
    const paths = [...this.#base.paths, ...this.#texts.keys()];
    return paths.find((other) => other.toLowerCase() === folded && this.has(other));
  }

  edits(): readonly FileEdit[] {
    const isChanged = ([path, text]: readonly [string, string | null]): boolean =>
      this.#base.paths.has(path) ? text === null || text !== this.#base.readText(path) : text !== null;
    return [...this.#texts].filter(isChanged).map(([path, text]) => ({ path, text }));
  }
}
