import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { Commit } from './commit.js';
import { readCommitIfThere } from './commit-if-there.js';
import type { FileChange } from './file-events.js';
import type { GitRepository } from './git.js';
import { historyCommit, type WalkedCommit } from './history-index.js';
import { pause } from './slices.js';
import { LostTree, type TreeDiff } from './tree-diff.js';

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
  /** An object that git should have and cannot read, so that what was found is not the whole truth. */
  readonly lost: string | undefined;
}

/** The commits that are not known yet, newest first, and the known one below them. */
export interface Chain {
  readonly commits: readonly Commit[];
  readonly base: Commit | undefined;
  /** False where there are more. */
  readonly isWhole: boolean;
  /** A commit that git should have and cannot read: the chain ends before it. */
  readonly lost: string | undefined;
}

/** Reads the new commits, at most so many. */
export async function readChain(walk: Walk, most = Number.POSITIVE_INFINITY): Promise<Chain> {
  const commits: Commit[] = [];
  let next: string | undefined = walk.head;
  let commit = await readCommitIfThere(walk.repository, next);
  while (commit !== undefined && !walk.isKnown(commit.oid) && !walk.signal.aborted) {
    if (commits.length === most) return { commits, base: undefined, isWhole: false, lost: undefined };
    commits.push(commit);
    next = walk.ends.has(commit.oid) ? undefined : commit.parents[0];
    commit = next === undefined ? undefined : await readCommitIfThere(walk.repository, next);
    await pause();
  }
  return { commits, base: commit, isWhole: true, lost: commit === undefined ? next : undefined };
}

/**
 * Compares the trees of each commit and the one before it. What a commit of a lost tree did is told of the next one;
 * where nothing was known before it, history begins with the next one.
 */
export async function walkChain(walk: Walk, chain: Omit<Chain, 'isWhole'>): Promise<Walked> {
  const { trees } = walk;
  let { base, lost } = chain;
  let walked: WalkedCommit[] = [];
  let before = base && (await trees.folderOf(base.tree, FLAGS_FOLDER));
  for (const commit of chain.commits.toReversed()) {
    if (walk.signal.aborted) break;
    const step = await stepTo(trees, before, commit);
    lost ??= step.lost;
    if (step.lost === undefined || before !== undefined) {
      walked.push({ commit: historyCommit(commit, step.changes), changes: step.changes });
    } else {
      walked = [];
      base = undefined;
    }
    before = step.after;
    await pause();
  }
  return { base: base?.oid, commits: walked, lost };
}

interface Step {
  /** The folder `flags/` that the next commit is compared with. */
  readonly after: string | undefined;
  readonly changes: readonly FileChange[];
  readonly lost: string | undefined;
}

async function stepTo(trees: TreeDiff, before: string | undefined, { tree }: Commit): Promise<Step> {
  try {
    const after = await trees.folderOf(tree, FLAGS_FOLDER);
    return { after, changes: await trees.compare(before, after, FLAGS_FOLDER), lost: undefined };
  } catch (error) {
    if (error instanceof LostTree) return { after: before, changes: [], lost: error.oid };
    throw error;
  }
}

/** The commits at which a shallow clone ends, as git lists them; they change when it is deepened. */
export function readBoundary({ commonDir }: Pick<GitRepository, 'commonDir'>): string {
  const path = join(commonDir, 'shallow');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}
