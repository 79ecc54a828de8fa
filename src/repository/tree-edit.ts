import { Failure } from '../model/failure.js';
import type { GitRepository } from './git.js';
import type { ObjectBatch } from './object-batch.js';
import { inTurns } from './slices.js';
import { kindOf, mapTree, OID_BYTES, SPACE, type TreeEntry } from './tree.js';

/** What a path is to hold: a blob, or nothing. */
export type TreeEdits = ReadonlyMap<string, string | null>;

/** A file of a tree: its blob and its mode, as git writes it. */
export interface TreeFile {
  readonly oid: string;
  readonly mode: string;
}

const FILE_MODES = ['100644', '100755', '100664'];
const FOLDER_MODE = '40000';

/**
 * The tree with these edits, as new objects in the batch. All else keeps its bytes, a file keeps its mode, and a folder
 * that loses its last file goes. Throws `Failure` NOT_A_FILE where a symlink, a submodule or a folder is in the way.
 */
export async function editTree(
  repository: GitRepository,
  to: { readonly tree: string; readonly edits: TreeEdits; readonly batch: ObjectBatch },
): Promise<string> {
  const steps = [...to.edits].map(([path, oid]) => ({ names: path.split('/'), path, oid }));
  const tree = await editFolder(repository, to.batch, to.tree, steps);
  return tree ?? to.batch.add('tree', Buffer.alloc(0));
}

/** The file at a path of a tree, or undefined where nothing is. Throws as `editTree` does. */
export async function fileInTree(
  repository: GitRepository,
  tree: string,
  path: string,
): Promise<TreeFile | undefined> {
  const entries = await folderAbove(repository, tree, path);
  const name = path.slice(path.lastIndexOf('/') + 1);
  return fileOf(
    path,
    entries.find((candidate) => candidate.name === name),
  );
}

/** The same of many paths, those that are there: each folder is looked through once. */
export async function filesInTree(
  repository: GitRepository,
  tree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, TreeFile>> {
  const files = new Map<string, TreeFile>();
  for (const [folder, names] of groupByFolder(paths)) {
    const entries = await folderAbove(repository, tree, folder);
    for (const entry of entries) {
      const path = folder + entry.name;
      const file = names.has(entry.name) ? fileOf(path, entry) : undefined;
      if (file !== undefined) files.set(path, file);
    }
  }
  return files;
}

/** The names of each folder, whose path ends in `/`. */
function groupByFolder(paths: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const path of paths) {
    const end = path.lastIndexOf('/') + 1;
    const folder = path.slice(0, end);
    const names = groups.get(folder) ?? new Set();
    groups.set(folder, names.add(path.slice(end)));
  }
  return groups;
}

/** What the folder holds in which the path's last name stands; nothing where there is no such folder. */
async function folderAbove(
  repository: GitRepository,
  tree: string,
  path: string,
): Promise<readonly TreeEntry[]> {
  let entries = await repository.readTree(tree);
  for (const name of path.split('/').slice(0, -1)) {
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined) return [];
    if (entry.kind !== 'tree') throw notAFile(path, name, entry.kind);
    entries = await repository.readTree(entry.oid);
  }
  return entries;
}

function fileOf(path: string, entry: TreeEntry | undefined): TreeFile | undefined {
  if (entry !== undefined && entry.kind !== 'file') throw notAFile(path, entry.name, entry.kind);
  return entry;
}

interface PathStep {
  readonly names: readonly string[];
  readonly path: string;
  readonly oid: string | null;
}

interface RawEntry {
  /** How git sorts it: the name, and `/` behind that of a folder. */
  readonly sortName: Buffer;
  readonly mode: string;
  readonly oid: string;
  readonly bytes: Buffer;
}

/** Gives the new folder, or undefined where nothing is left in it. */
async function editFolder(
  repository: GitRepository,
  batch: ObjectBatch,
  folder: string | undefined,
  steps: readonly PathStep[],
): Promise<string | undefined> {
  const old = await entriesOf(repository, folder);
  const entries = new Map(old.map((entry) => [nameOf(entry), entry]));
  for await (const [name, below] of inTurns(groupByName(steps))) {
    const old = entries.get(name);
    const fresh = await editEntry(repository, batch, { name, old, steps: below });
    if (fresh === undefined) entries.delete(name);
    else entries.set(name, fresh);
  }
  if (entries.size === 0) return undefined;
  const sorted = [...entries.values()].sort((one, other) => Buffer.compare(one.sortName, other.sortName));
  return batch.add('tree', Buffer.concat(sorted.map((entry) => entry.bytes)));
}

async function entriesOf(
  repository: GitRepository,
  folder: string | undefined,
): Promise<readonly RawEntry[]> {
  if (folder === undefined) return [];
  const { bytes } = await repository.readObject(folder);
  return mapTree(folder, bytes, (at, id) => readEntry(bytes, at, id));
}

async function editEntry(
  repository: GitRepository,
  batch: ObjectBatch,
  at: { name: string; old: RawEntry | undefined; steps: readonly PathStep[] },
): Promise<RawEntry | undefined> {
  const { name, old, steps } = at;
  const [first] = steps;
  const isFolder = old?.mode === FOLDER_MODE;
  if (first !== undefined && first.names.length === 1) {
    if (old !== undefined && !FILE_MODES.includes(old.mode))
      throw notAFile(first.path, name, kindOf(old.mode));
    return first.oid === null ? undefined : rawEntry(name, old?.mode ?? '100644', first.oid);
  }
  if (old !== undefined && !isFolder) throw notAFile(first?.path ?? name, name, kindOf(old.mode));
  const below = steps.map((step) => ({ ...step, names: step.names.slice(1) }));
  const folder = await editFolder(repository, batch, old?.oid, below);
  return folder === undefined ? undefined : rawEntry(name, FOLDER_MODE, folder);
}

function groupByName(steps: readonly PathStep[]): ReadonlyMap<string, readonly PathStep[]> {
  const groups = new Map<string, PathStep[]>();
  for (const step of steps) {
    const name = step.names[0] ?? '';
    const known = groups.get(name);
    if (known === undefined) groups.set(name, [step]);
    else known.push(step);
  }
  return groups;
}

/** The entry from `at`, whose id starts at `id`. */
function readEntry(bytes: Buffer, at: number, id: number): RawEntry {
  const space = bytes.indexOf(SPACE, at);
  const mode = bytes.toString('latin1', at, space);
  const name = bytes.subarray(space + 1, id - 1);
  const end = id + OID_BYTES;
  const sortName = mode === FOLDER_MODE ? Buffer.concat([name, Buffer.from('/')]) : name;
  return { sortName, mode, oid: bytes.toString('hex', id, end), bytes: bytes.subarray(at, end) };
}

/** One character for each byte, so that names that are no UTF-8 stay apart; those that we look for are ASCII. */
function nameOf(entry: RawEntry): string {
  const name = entry.sortName.toString('latin1');
  return entry.mode === FOLDER_MODE ? name.slice(0, -1) : name;
}

function rawEntry(name: string, mode: string, oid: string): RawEntry {
  const bytes = Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
  return { sortName: Buffer.from(mode === FOLDER_MODE ? `${name}/` : name), mode, oid, bytes };
}

function notAFile(path: string, name: string, kind: TreeEntry['kind']): Failure {
  const what = kind === 'tree' ? 'folder' : kind;
  const sentence = `${path} cannot be written: ${name} is a ${what} in the last commit`;
  return new Failure('conflict', 'NOT_A_FILE', sentence, { data: { details: { path } } });
}
