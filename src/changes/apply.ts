import { type Edit, editText } from '../files/edit.js';
import { pathOf } from '../files/paths.js';
import { isMap, printYaml } from '../files/print.js';
import { readSource } from '../files/yaml-source.js';
import { Failure } from '../model/failure.js';
import type { OrgKey } from '../model/keys.js';
import { unreachable } from '../model/unreachable.js';
import type { JsonObject } from '../model/values.js';
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
  /** The text of a file that `pathsOf` names, or undefined where it is not there. */
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
 * milliseconds. Throws `Failure` FLAG_EXISTS, FLAG_NOT_FOUND, FILE_BROKEN or PROJECT_NOT_FOUND.
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
  const edits: Edit[] = [];
  let text = readFlag(files, path, change);
  for (const edit of change.edits) {
    const edited = editFile(path, text, [edit]);
    if (edited !== text) edits.push(edit);
    text = edited;
  }
  if (edits.length === 0) return [];
  files.put(path, withUpdateTime(path, text, now));
  return [{ ...change, edits }];
}

function deleteFlag(files: Draft, change: FlagDelete, { org }: Options): readonly Change[] {
  readFlag(files, mainPath(org, change), change);
  for (const path of pathsOf(org, change)) if (files.has(path)) files.put(path, null);
  return [change];
}

function readFlag(files: Draft, path: string, change: FlagUpdate | FlagDelete): string {
  const text = files.read(path);
  if (text !== undefined) return text;
  throw new Failure('not-found', 'FLAG_NOT_FOUND', `there is no flag ${change.flag} in ${change.project}`);
}

/** A file that says when it was last changed goes on saying so. */
function withUpdateTime(path: string, text: string, now: number): string {
  const { value } = readSource(text.replace(/^\uFEFF/, ''));
  if (!isMap(value) || !Object.hasOwn(value, 'updatedAt')) return text;
  const moment = `${new Date(now).toISOString().slice(0, 19)}Z`;
  return editFile(path, text, [{ at: ['updatedAt'], set: moment }]);
}

function editFile(path: string, text: string, edits: readonly Edit[]): string {
  try {
    return editText(text, edits);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.kind, error.code, `${path}: ${error.message}`, { cause: error });
  }
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
    return [...this.#texts].flatMap(([path, text]) => {
      const before = this.#base.paths.has(path) ? this.#base.readText(path) : undefined;
      return (before ?? null) === text ? [] : [{ path, text }];
    });
  }
}
