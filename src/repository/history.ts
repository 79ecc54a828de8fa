import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { Commit } from './commit.js';
import { readCommitIfThere } from './commit-if-there.js';
import { FileEvents } from './file-events.js';
import type { GitRepository } from './git.js';
import { readHistory, writeHistory } from './history-file.js';
import type { FileTimes } from './served.js';
import { pause } from './slices.js';
import { TreeDiff } from './tree-diff.js';

/** So many new commits are worth writing the file again; fewer are walked again after a restart. */
const WORTH_WRITING = 100;

/**
 * When each file below `flags/` was made and last changed: one walk over the first parents, kept on disk. What happened
 * is kept by the commit's place in the chain, so that after a reset only what is new is walked.
 */
export class History {
  readonly #repository: GitRepository;
  #events: FileEvents | undefined;
  #walking: Promise<void> = Promise.resolve();
  #unwritten = 0;
  #isClosed = false;

  constructor(repository: GitRepository) {
    this.#repository = repository;
  }

  timesOf(path: string): FileTimes | undefined {
    return this.#events?.timesOf(path);
  }

  /** Fulfilled when the times are those of this commit. */
  follow(head: string): Promise<void> {
    const walk = this.#walking.then(() => this.#walkTo(head));
    this.#walking = walk.catch(() => undefined);
    return walk;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#walking;
    if (this.#unwritten > 0) await this.#write();
  }

  async #walkTo(head: string): Promise<void> {
    if (this.#events?.head === head || this.#isClosed) return;
    const boundary = readBoundary(this.#repository);
    const known = this.#events ?? readHistory(this.#repository, boundary);
    const events = known?.boundary === boundary ? known : new FileEvents(boundary);
    const news = await this.#newCommits(head, events);
    const changes = await this.#changesOf(news.commits, news.base);
    if (this.#isClosed) return;
    events.replaceAfter(news.base?.oid, changes);
    this.#events = events;
    this.#unwritten += changes.length;
    if (this.#unwritten >= WORTH_WRITING) await this.#write();
  }

  /** Back to a commit that is known, or to where history ends. Oldest first. */
  async #newCommits(
    head: string,
    events: FileEvents,
  ): Promise<{ commits: readonly Commit[]; base: Commit | undefined }> {
    const ends = new Set(events.boundary.split('\n'));
    const commits: Commit[] = [];
    let commit = await readCommitIfThere(this.#repository, head);
    while (commit !== undefined && !events.has(commit.oid) && !this.#isClosed) {
      commits.push(commit);
      const parent: string | undefined = ends.has(commit.oid) ? undefined : commit.parents[0];
      commit = parent === undefined ? undefined : await readCommitIfThere(this.#repository, parent);
      await pause();
    }
    return { commits: commits.reverse(), base: commit };
  }

  async #changesOf(commits: readonly Commit[], base: Commit | undefined) {
    const diff = new TreeDiff(this.#repository);
    const changes = [];
    let before = base && (await diff.folderOf(base.tree, FLAGS_FOLDER));
    for (const { oid, tree, committer } of commits) {
      if (this.#isClosed) break;
      const after = await diff.folderOf(tree, FLAGS_FOLDER);
      const files = await diff.compare(before, after, FLAGS_FOLDER);
      changes.push({ oid, seconds: committer.seconds, files });
      before = after;
      await pause();
    }
    return changes;
  }

  async #write(): Promise<void> {
    this.#unwritten = 0;
    if (this.#events !== undefined) await writeHistory(this.#repository, this.#events);
  }
}

/** The commits at which a shallow clone ends, as git lists them; they change when it is deepened. */
function readBoundary({ commonDir }: GitRepository): string {
  const path = join(commonDir, 'shallow');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}
