import { Failure } from '../model/failure.js';
import { type Clone, openClone } from './clone.js';
import { checkedOut, checkWritable } from './clone-state.js';
import type { CommitChain } from './commit-chain.js';
import { reflogLine } from './commit-object.js';
import type { Disk } from './disk.js';
import type { GitRepository } from './git.js';
import type { LockWait } from './git-lock.js';
import { InstanceLock } from './instance-lock.js';
import { type Publication, type Published, publish } from './publish.js';
import { recover } from './recovery.js';
import { ensureStateFolder } from './state-folder.js';

/** Where a publisher publishes. */
export interface PublisherOptions {
  readonly repository: GitRepository;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch: string | undefined;
  readonly disk: Disk;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

/** A clone that can be written to, and the branch that is checked out. */
export interface Opened {
  readonly clone: Clone;
  readonly branch: string;
}

/** What is published, wherever the branch is. */
export type BranchMove = Omit<Publication, 'branch' | 'servedBranch'>;

/** A chain that becomes the branch. */
export function moveTo({ head, commits, objects, files }: CommitChain): BranchMove {
  const newCommit = commits.at(-1)?.oid ?? head;
  return { head, newCommit, objects, files, reflog: commits.map(reflogLine).join('') };
}

/** Puts commits into the clone: as its only writer, one after the other, and each healed before the next. */
export class WritePublisher {
  readonly #options: PublisherOptions;
  #clone: Clone | undefined;
  #instance: InstanceLock | undefined;
  /** What the last write left to be flushed. */
  #settling: Promise<void> = Promise.resolve();
  #needsRecovery = true;
  /** Is told when another process may have written here before. */
  onTaken: () => void = () => undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Throws whatever is in the way of writing here; one that could not recover tries again at each write. */
  async open(wait: LockWait): Promise<Clone> {
    const { instance, clone } = this.#place();
    if (await instance.take()) {
      this.#needsRecovery = true;
      this.onTaken();
    }
    if (this.#needsRecovery) await this.#settling;
    if (this.#needsRecovery) await recover(clone, wait);
    this.#needsRecovery = false;
    return clone;
  }

  /** The clone as it stands, for a look: nothing is taken or healed. Throws what is in the way of everybody. */
  look(): Clone {
    return this.#place().clone;
  }

  /** Throws `Failure` ANOTHER_WRITER where another process writes here. */
  checkAlone(): void {
    this.#place().instance.check();
  }

  /** The same as `open`, for commits on top of this one; undefined where the head is another one. */
  async openAt(head: string | undefined, wait: LockWait): Promise<Opened | undefined> {
    const { repository, branch } = this.#options;
    const clone = await this.open(wait);
    const found = await checkedOut(repository, branch);
    return found.oid === head ? { clone, branch: found.branch } : undefined;
  }

  /** Undefined where the branch has moved, or the write before must be healed first. */
  async publish(
    move: BranchMove,
    { clone, branch }: Opened,
    wait: LockWait,
  ): Promise<Exclude<Published, { kind: 'moved' }> | undefined> {
    await this.#settling;
    if (this.#needsRecovery) return undefined;
    const publication = { ...move, branch, servedBranch: this.#options.branch };
    const published = await this.#publish(clone, publication, wait);
    return published.kind === 'moved' ? undefined : published;
  }

  async close(): Promise<void> {
    await this.#settling;
    if (this.#clone !== undefined) await this.#clone.disk.dropSpares(this.#clone.temporary);
    this.#instance?.release();
  }

  #place(): { readonly instance: InstanceLock; readonly clone: Clone } {
    const { repository, disk, now } = this.#options;
    checkWritable(repository);
    this.#instance ??= new InstanceLock({ disk, stateDir: ensureStateFolder(repository), now });
    this.#clone ??= openClone(repository, repository.workDir ?? '', disk);
    return { instance: this.#instance, clone: this.#clone };
  }

  async #publish(clone: Clone, publication: Publication, wait: LockWait): Promise<Published> {
    const published = await publish(clone, publication, wait).catch((error: unknown) => {
      // An expected refusal left nothing; after anything else the journal tells what is there.
      this.#needsRecovery ||= !(error instanceof Failure);
      throw error;
    });
    if (published.kind === 'unconfirmed') this.#needsRecovery = true;
    if (published.kind === 'committed') {
      clone.repository.remember(publication.objects.all);
      this.#settling = published.settled.catch(() => {
        // The commits are made and flushed; the journal heals what is missing, before the next write at the latest.
        this.#needsRecovery = true;
      });
      void this.#settling.then(() => clone.disk.makeSpares(clone.temporary));
    }
    return published;
  }
}
