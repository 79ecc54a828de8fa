import { FLAGS_FOLDER } from '../files/paths.js';
import { BoundedMap } from './bounded-map.js';
import type { Commit } from './commit.js';
import type { HistoryCommit } from './commit-history.js';
import { readCommitIfThere } from './commit-if-there.js';
import type { FileChange, FileStep, FileVersion } from './file-events.js';
import type { GitRepository } from './git.js';
import { groupsIn, type StepGroup } from './history-differences.js';
import { type HistoryIndex, historyCommit } from './history-index.js';
import { bringerOf, broughtBy } from './merge-reach.js';

import { pause } from './slices.js';
import { LostTree, type TreeDiff } from './tree-diff.js';

/** A commit that came in by a merge, with what it did below `flags/` to what its first parent had. */
export interface MergedCommit {
  readonly commit: HistoryCommit;
  /** Of a merge among them: what it has as none of its parents has it. Their place is that of the merge. */
  readonly steps: readonly FileStep[];
}

/** What came in by one merge. */
export interface Merged {
  /** Newest first. */
  readonly commits: readonly MergedCommit[];
  /** True where there are more, or some that cannot be read. */
  readonly isCut: boolean;
}

/** A merge of the chain, and one of the commits that it brought. */
export interface FoundMerged extends MergedCommit {
  readonly mergedBy: HistoryCommit;
}

/** So many commits are kept, of the merges that were asked for last: some 20 MB. */
const COMMITS_KEPT = 20_000;
/** So many are kept as git has them: merges of one long branch walk over the same ones. */
const COMMITS_READ = 20_000;
const NOTHING: Merged = { commits: [], isCut: false };

/**
 * The commits behind the merges of a chain of first parents, such as those of a pull request. They are walked when
 * somebody asks, and kept as long as there is room: what came in by a merge never changes.
 */
export class HistoryMerges {
  readonly #repository: GitRepository;
  readonly #trees: TreeDiff;
  readonly #merged = new BoundedMap<string, Merged>(COMMITS_KEPT, ({ commits }) => commits.length + 1);
  readonly #commits = new BoundedMap<string, Commit>(COMMITS_READ);

  constructor(repository: GitRepository, trees: TreeDiff) {
    this.#repository = repository;
    this.#trees = trees;
  }

  /** What came in by a commit of the chain; nothing by one that is no merge. */
  async of(index: HistoryIndex, { oid, mergedParents }: HistoryCommit): Promise<Merged> {
    const known = mergedParents.length === 0 ? NOTHING : this.#merged.get(oid);
    const place = index.placeOf(oid);
    if (known !== undefined || place === undefined) return known ?? NOTHING;
    const { cuts } = index;
    const { commits, isCut } = await broughtBy(this.#read, index, place);
    const merged: MergedCommit[] = [];
    for (const side of commits) {
      const found = await this.#stepsOf(index, side, place);
      if (found !== undefined)
        merged.push({ commit: historyCommit(side, found.touched), steps: found.steps });
      await pause();
    }
    const found = { commits: merged, isCut: isCut || merged.length < commits.length };
    if (index.cuts === cuts) this.#merged.set(oid, found);
    return found;
  }

  /** A commit that came in by a merge of the chain, or undefined where none brought it. */
  async find(index: HistoryIndex, oid: string): Promise<FoundMerged | undefined> {
    const side = index.has(oid) ? undefined : await this.#read(oid);
    const place = side && (await bringerOf(this.#read, index, side));
    const mergedBy = place === undefined ? undefined : index.chain[place];
    if (side === undefined || place === undefined || mergedBy === undefined) return undefined;
    const found = await this.#stepsOf(index, side, place);
    return found && { commit: historyCommit(side, found.touched), steps: found.steps, mergedBy };
  }

  clear(): void {
    this.#merged.clear();
  }

  /** With all that it did to what its first parent had. Undefined where this clone does not have what it began with. */
  async #stepsOf(
    index: HistoryIndex,
    { oid, tree, parents }: Commit,
    place: number,
  ): Promise<{ readonly touched: readonly FileStep[]; readonly steps: readonly FileStep[] } | undefined> {
    if (index.ends.has(oid)) return undefined;
    try {
      const [first, ...others] = await this.#foldersOf(parents);
      const after = await this.#trees.folderOf(tree, FLAGS_FOLDER);
      const touched = await this.#stepsBetween(first, after, place);
      const differing = await Promise.all(others.map((other) => this.#pathsBetween(other, after)));
      return { touched, steps: touched.filter(({ path }) => differing.every((paths) => paths.has(path))) };
    } catch (error) {
      if (error instanceof LostTree) return undefined;
      throw error;
    }
  }

  async #foldersOf(commits: readonly string[]): Promise<readonly (string | undefined)[]> {
    const folders: (string | undefined)[] = [];
    for (const oid of commits) {
      const commit = await this.#read(oid);
      if (commit === undefined) throw new LostTree(oid, undefined);
      folders.push(await this.#trees.folderOf(commit.tree, FLAGS_FOLDER));
    }
    return folders;
  }

  readonly #read = async (oid: string): Promise<Commit | undefined> => {
    const known = this.#commits.get(oid);
    if (known !== undefined) return known;
    const commit = await readCommitIfThere(this.#repository, oid);
    if (commit !== undefined) this.#commits.set(oid, commit);
    return commit;
  };

  async #pathsBetween(before: string | undefined, after: string | undefined): Promise<ReadonlySet<string>> {
    const changes = await this.#trees.compare(before, after, FLAGS_FOLDER);
    return new Set(changes.map(({ path }) => path));
  }

  async #stepsBetween(
    before: string | undefined,
    after: string | undefined,
    place: number,
  ): Promise<readonly FileStep[]> {
    const now = await this.#trees.compare(before, after, FLAGS_FOLDER);
    const then = await this.#trees.compare(after, before, FLAGS_FOLDER);
    const old = new Map(then.map((change) => [change.path, versionOf(change)]));
    return now
      .map((change) => ({
        path: change.path,
        place,
        before: old.get(change.path),
        after: versionOf(change),
      }))
      .sort((one, other) => (one.path < other.path ? -1 : 1));
  }
}

/** As `groupsOf` has them for commits of the chain. Of a merge only a part is told, so it has a name of its own. */
export function groupsOfMerged({ commit, steps }: MergedCommit): Iterable<StepGroup> {
  const { oid, mergedParents } = commit;
  const name = mergedParents.length === 0 ? oid : `merge ${oid}`;
  return groupsIn({ commit: name, steps, versionsBefore: () => [] });
}

function versionOf({ oid, isFile }: FileChange): FileVersion | undefined {
  return oid === undefined ? undefined : { oid, isFile };
}
