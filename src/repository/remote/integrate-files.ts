import { Failure } from '../../model/failure.js';
import type { GitRepository } from '../git.js';
import { pause } from '../slices.js';
import { differingEntries, type TreeEntry } from '../tree.js';
import type { TreeFile } from '../tree-edit.js';
import type { ChangedPath } from '../work-files.js';

const NO_BYTES = Buffer.alloc(0);
/** Names that lead out of the work tree or into the git folder, also where the disk does not tell case. */
const UNSAFE = /^(?:|\.|\.\.|\.git|git~1)$/i;

/**
 * All that is different in the work tree from the one tree to the other; undefined is an empty one. Contents are read when
 * they are asked for. Throws `Failure` UNSAFE_PATH for a name that no checkout may have.
 */
export async function changedPaths(
  repository: GitRepository,
  { before, after }: { readonly before: string | undefined; readonly after: string },
): Promise<readonly ChangedPath[]> {
  const changes: ChangedPath[] = [];
  await compare({ repository, changes }, { before, after, prefix: '' });
  return changes;
}

interface Comparing {
  readonly repository: GitRepository;
  readonly changes: ChangedPath[];
}

interface TreePair {
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly prefix: string;
}

async function compare(to: Comparing, { before, after, prefix }: TreePair): Promise<void> {
  if (before === after) return;
  await pause();
  const [old, fresh] = [await bytesOf(to.repository, before), await bytesOf(to.repository, after)];
  for (const [was, is] of differingEntries(after ?? '', old, fresh)) {
    const path = prefix + safeName(prefix, (is ?? was)?.name ?? '');
    const change = { path, before: leafOf(was), after: withBytes(to.repository, leafOf(is)) };
    if (change.before !== null || change.after !== null) to.changes.push(change);
    await compare(to, { before: folderOf(was), after: folderOf(is), prefix: `${path}/` });
  }
}

async function bytesOf(repository: GitRepository, tree: string | undefined): Promise<Buffer> {
  return tree === undefined ? NO_BYTES : (await repository.readObject(tree)).bytes;
}

function folderOf(entry: TreeEntry | undefined): string | undefined {
  return entry?.kind === 'tree' ? entry.oid : undefined;
}

function leafOf(entry: TreeEntry | undefined): TreeFile | null {
  return entry === undefined || entry.kind === 'tree' ? null : { oid: entry.oid, mode: entry.mode };
}

/** Of a submodule there are none here. */
function withBytes(repository: GitRepository, file: TreeFile | null): ChangedPath['after'] {
  return file && { ...file, bytes: () => repository.readBlob(file.oid) };
}

/** A name that is no UTF-8 cannot be told from others once it is a text. */
function safeName(prefix: string, name: string): string {
  if (!UNSAFE.test(name) && !/[/\0\uFFFD]/.test(name)) return name;
  const sentence = `the remote has the path ${JSON.stringify(prefix + name)}, which cannot be checked out safely; take it out of the branch there`;
  throw new Failure('conflict', 'UNSAFE_PATH', sentence);
}
