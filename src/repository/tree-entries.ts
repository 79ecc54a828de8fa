import type { GitRepository } from './git.js';
import { pause } from './slices.js';
import type { TreeEntry } from './tree.js';
import type { TreeFile } from './tree-edit.js';

/**
 * What a tree has at these paths, whatever it is: a file, a symlink, a submodule. A path that leads nowhere, or to a
 * folder, is left out.
 */
export async function entriesInTree(
  repository: GitRepository,
  tree: string,
  paths: Iterable<string>,
): Promise<ReadonlyMap<string, TreeFile>> {
  const found = new Map<string, TreeFile>();
  const steps = [...paths].map((path) => ({ path, names: path.split('/') }));
  await look(repository, { tree, steps, found });
  return found;
}

interface Look {
  readonly tree: string;
  readonly steps: readonly { readonly path: string; readonly names: readonly string[] }[];
  readonly found: Map<string, TreeFile>;
}

async function look(repository: GitRepository, { tree, steps, found }: Look): Promise<void> {
  await pause();
  const entries = new Map((await repository.readTree(tree)).map((entry) => [entry.name, entry]));
  const below = new Map<TreeEntry, { path: string; names: readonly string[] }[]>();
  for (const { path, names } of steps) {
    const [name = '', ...rest] = names;
    const entry = entries.get(name);
    if (entry === undefined) continue;
    const isFolder = entry.kind === 'tree';
    if (rest.length === 0 && !isFolder) found.set(path, { oid: entry.oid, mode: entry.mode });
    if (rest.length > 0 && isFolder) {
      const inside = below.get(entry) ?? [];
      inside.push({ path, names: rest });
      below.set(entry, inside);
    }
  }
  for (const [{ oid }, inside] of below) await look(repository, { tree: oid, steps: inside, found });
}
