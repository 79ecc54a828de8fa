import { FLAGS_FOLDER } from '../../files/paths.js';
import type { Commit } from '../../repository/commit.js';
import { readCommitIfThere } from '../../repository/commit-if-there.js';
import type { GitRepository } from '../../repository/git.js';
import { commitsSince } from '../../repository/remote/ancestry.js';
import { LostTree, TreeDiff } from '../../repository/tree-diff.js';

/** Who changed each file, by path: names in alphabetical order. Who calls themselves by an address is nobody here. */
export type Authors = ReadonlyMap<string, readonly string[]>;

/**
 * Whose commits between two revisions touched which file below `flags/`. Merges only bring what others did. A commit whose
 * parent is not in the clone is passed over: what it did is not known.
 */
export async function readAuthors(
  repository: GitRepository,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<Authors> {
  const trees = new TreeDiff(repository);
  const authors = new Map<string, Set<string>>();
  for (const oid of await commitsSince(repository, { tip: after, known: [before] })) {
    const commit = await readCommitIfThere(repository, oid);
    if (commit === undefined || commit.parents.length > 1) continue;
    for (const path of await touchedPaths(repository, trees, commit)) {
      const names = authors.get(path) ?? new Set();
      if (!commit.author.name.includes('@')) names.add(commit.author.name);
      authors.set(path, names);
    }
  }
  return new Map([...authors].map(([path, names]) => [path, [...names].sort()]));
}

async function touchedPaths(
  repository: GitRepository,
  trees: TreeDiff,
  { tree, parents: [parent] }: Commit,
): Promise<readonly string[]> {
  const older = parent === undefined ? undefined : await readCommitIfThere(repository, parent);
  if (parent !== undefined && older === undefined) return [];
  try {
    const before = older && (await trees.folderOf(older.tree, FLAGS_FOLDER));
    const changes = await trees.compare(before, await trees.folderOf(tree, FLAGS_FOLDER), FLAGS_FOLDER);
    return changes.map(({ path }) => path);
  } catch (error) {
    if (error instanceof LostTree) return [];
    throw error;
  }
}
