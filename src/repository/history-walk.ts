import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { Commit } from './commit.js';
import { readCommitIfThere } from './commit-if-there.js';
import type { GitRepository } from './git.js';
import { historyCommit, type WalkedCommit } from './history-index.js';
import { pause } from './slices.js';
import type { TreeDiff } from './tree-diff.js';

/** A walk over the first parents, back to a commit that is known or to where history ends. */
export interface Walk {
  readonly repository: GitRepository;
  /** Compares trees, and remembers those of the last walk. */
  readonly trees: TreeDiff;
  readonly head: string;
  /** The commits at which a shallow clone ends. */
  readonly ends: ReadonlySet<string>;
  isKnown(oid: string): boolean;
  /** Aborted where nobody wants the rest any more. */
  readonly signal: AbortSignal;
}

/** What a walk found. */
export interface Walked {
  /** The known commit on which the new ones stand; undefined where history begins with them. */
  readonly base: string | undefined;
  /** Oldest first. */
  readonly commits: readonly WalkedCommit[];
}

/** The commits that are not known yet, newest first, and the known one below them. */
export interface Chain {
  readonly commits: readonly Commit[];
  readonly base: Commit | undefined;
  /** False where there are more. */
  readonly isWhole: boolean;
}

/** Reads the new commits, at most so many. A commit that git has lost is the end. */
export async function readChain(walk: Walk, most = Number.POSITIVE_INFINITY): Promise<Chain> {
  const commits: Commit[] = [];
  let commit = await readCommitIfThere(walk.repository, walk.head);
  while (commit !== undefined && !walk.isKnown(commit.oid) && !walk.signal.aborted) {
    if (commits.length === most) return { commits, base: undefined, isWhole: false };
    commits.push(commit);
    const parent: string | undefined = walk.ends.has(commit.oid) ? undefined : commit.parents[0];
    commit = parent === undefined ? undefined : await readCommitIfThere(walk.repository, parent);
    await pause();
  }
  return { commits, base: commit, isWhole: true };
}

/** Compares the trees of each commit and the one before it. */
export async function walkChain(walk: Walk, { commits, base }: Omit<Chain, 'isWhole'>): Promise<Walked> {
  const { trees } = walk;
  const walked: WalkedCommit[] = [];
  let before = base && (await trees.folderOf(base.tree, FLAGS_FOLDER));
  for (const commit of commits.toReversed()) {
    if (walk.signal.aborted) break;
    const after = await trees.folderOf(commit.tree, FLAGS_FOLDER);
    const changes = await trees.compare(before, after, FLAGS_FOLDER);
    walked.push({ commit: historyCommit(commit), changes });
    before = after;
    await pause();
  }
  return { base: base?.oid, commits: walked };
}

/** The commits at which a shallow clone ends, as git lists them; they change when it is deepened. */
export function readBoundary({ commonDir }: Pick<GitRepository, 'commonDir'>): string {
  const path = join(commonDir, 'shallow');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}
