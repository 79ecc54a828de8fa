import type { BrokenTest } from '../changes/broken-tests.js';
import type { Change } from '../changes/change.js';
import type { Difference } from '../changes/difference.js';
import type { Promotion } from '../changes/subject.js';
import type { TextPair } from '../changes/text-pair.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { Identity } from './identity.js';
import type { ServedOrg } from './served.js';

/** What somebody wants written: one commit, or none. */
export interface WriteRequest {
  readonly org: OrgKey;
  readonly author: Identity;
  /** Applied in this order, each to what the ones before it left. */
  readonly changes: readonly Change[];
  /** Where the changes are one promotion: for the subject. */
  readonly promotion?: Promotion | undefined;
  /** The caller's own words, below the subject. */
  readonly message?: string | undefined;
  /** Why, in a line: kept as the trailer `Flagstaff-Reason`. */
  readonly reason?: string | undefined;
  /** Why tests that break do not stop it, in a line: kept as the trailer `Flagstaff-Force`. Left out, they do. */
  readonly force?: string | undefined;
  /** The author as their credential names them, where that is not their address: kept as the trailer `Flagstaff-User`. */
  readonly user?: string | undefined;
  /** How the log names the request of whoever wants it. */
  readonly requestId?: string | undefined;
  /** How the files must be at the commit that is written on, before anything else is asked. */
  readonly preconditions?: readonly Precondition[];
  /**
   * The files as somebody saw them, of whom all must be so at the commit that is written on. A pending change that is made
   * again is made on none but these either, but for its kills.
   */
  readonly expects?: ExpectedFiles | undefined;
}

/** Files by name, or one digest of all files that the changes are about, as a preview tells it: `sha256:…`. */
export type ExpectedFiles = ExpectedBlobs | string;

/** By path, the blob id of each file; null where there is to be none. */
export type ExpectedBlobs = Readonly<Record<string, string | null>>;

/** What must be so of one file. */
export interface Precondition {
  readonly path: string;
  /** The blob ids of which the file must have one, or `*`: it must be there. */
  readonly ifMatch?: readonly string[] | '*';
  /** `*`: it must not be there. */
  readonly ifNoneMatch?: '*';
}

/** What became of a write. */
export interface WriteResult {
  /** The commit; the head where nothing changed. */
  readonly commit: string;
  /** False where the files said so already; then there is no commit. */
  readonly changed: boolean;
  /** The paths that the changes are about: written, removed, or found to be as wanted. */
  readonly paths: readonly string[];
  /** By path, the ids of those that are there now. */
  readonly blobs: ReadonlyMap<string, string>;
  /** What is different now, in sentences and as data; empty where nothing changed. */
  readonly differences: readonly Difference[];
  /** What it adds that stops nothing, as the checks and the policy of the repository have it. */
  readonly warnings: readonly Problem[];
  /**
   * The organization as it was judged for exactly that commit, which is its revision: the answer to this write, whatever
   * others have written since. Undefined where nothing of the organization can be served.
   */
  readonly served: ServedOrg | undefined;
  /** How many acknowledged changes, this one among them, the remote does not have yet; 0 without a remote. */
  readonly pending: number;
}

/** What a write would do. Nothing is refused: what would refuse it is told. */
export interface Preview {
  /** The commit that it would be written on. */
  readonly base: string;
  readonly changed: boolean;
  /** The files that it would change. */
  readonly files: readonly TextPair[];
  /** How all files are now that the changes are about: for a write that is to be made on just these. */
  readonly expects: ExpectedFiles;
  readonly differences: readonly Difference[];
  /** The errors that it would add, and those that a file which it edits has and keeps: each of them would refuse it. */
  readonly problems: readonly Problem[];
  /** What it would add that stops nothing. */
  readonly warnings: readonly Problem[];
  /** The test cases that it would newly break. */
  readonly brokenTests: readonly BrokenTest[];
  /**
   * What else would refuse it now, as the codes and messages of `write`: uncommitted work in its files, an operation of
   * git in progress, another branch or writer, a bare clone, words that no commit may have. Empty where nothing would.
   */
  readonly refusals: readonly Refusal[];
}

/** What is in the way of a write: the code and the message of the `Failure` that it would throw. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What became of it, before it is counted what is pending. */
export type MadeWrite = Omit<WriteResult, 'pending'>;

/** Turns changes into commits. */
export interface Writer {
  /**
   * Fulfils when the commit is durable and served. Those that wait are written together, each as its own commit, oldest
   * first; kills and unkills go before all others, which have a turn between two groups of them. Throws `Failure` for
   * expected refusals; then nothing has changed, but for COMMIT_NOT_FLUSHED: nobody knows.
   */
  write(request: WriteRequest): Promise<WriteResult>;
  /** What `write` would do now. Writes nothing. Throws `Failure` where the changes cannot be applied at all. */
  preview(request: WriteRequest): Promise<Preview>;
  /** Refuses new writes and those that have not begun, and fulfils when the one that runs has ended. */
  close(): Promise<void>;
}

/** The writer of a clone, which may follow a remote: for whoever follows it, and for whoever watches the queue. */
export interface RepositoryWriter extends Writer {
  /** How many writes wait or are being made. */
  readonly queueLength: number;
  /**
   * Makes the branch stand on a commit of the remote, all of which is in this clone: forward, or with the pending changes
   * made again on top of it. To be called after each fetch, also where the remote has not moved. Fulfils when it is served.
   * Throws `Failure` for what is in the way, such as WORKTREE_DIRTY, WRONG_BRANCH or BRANCH_DIVERGED; then the branch
   * stays as it is, and the next call tries again.
   */
  integrate(tip: string): Promise<Integrated>;
  /**
   * Pushes what the branch has and the remote has not. Throws `Failure` REMOTE_UNREACHABLE and the like, REMOTE_REFUSED
   * where a rule of the remote does not take it; all of it stays pending then.
   */
  pushPending(): Promise<PushedPending>;
  /**
   * Takes a pending change off the branch that the remote has refused, and makes the later ones again without it; what it
   * changed is undone. False, and nothing is done, where no such change is pending, or the remote has not refused the last
   * push. Throws `Failure` for what is in the way, as `integrate` does.
   */
  withdraw(id: string): Promise<boolean>;
}

/** What became of the branch. */
export interface Integrated {
  /** The commit that the branch is at. */
  readonly head: string;
  /** How many commits it has on top of what the remote has: there is something to push where it is not 0. */
  readonly ahead: number;
  /** Set where what the remote had before is no part of its history any more. */
  readonly rewritten?: { readonly from: string; readonly to: string } | undefined;
}

/** How a push of what is pending ended. */
export interface PushedPending {
  /** True where the remote has moved, and nothing was pushed: it is to be fetched and integrated first. */
  readonly hasMoved: boolean;
}
