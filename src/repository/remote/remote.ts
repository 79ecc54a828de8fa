import type { OrgKey } from '../../model/keys.js';
import type { Need } from '../../model/permission.js';
import type { PendingStore } from './pending-store.js';
import type { Transport } from './transport.js';

/** When a write is acknowledged: once the remote has it, or once this clone has it. */
export type PushMode = 'sync' | 'async';

/** A branch of a remote. */
export interface RemoteRef {
  /** The remote's, without credentials. */
  readonly url: string;
  /** The branch's full name there: `refs/heads/main`. */
  readonly ref: string;
}

/** A change that is committed here and that the remote does not have yet. */
export interface PendingChange {
  /** Stays the same when the change is made again on another base. */
  readonly id: string;
  /** The commit that has it now. */
  readonly commit: string;
  readonly org: OrgKey;
  /** `Marc <marc@example.com>` */
  readonly author: string;
  /** The commit's subject. */
  readonly subject: string;
  /** What it took to make it, as `permissionsOf` says of its changes: decides who may see it. */
  readonly needs: readonly Need[];
  /** When it was acknowledged, in epoch milliseconds. */
  readonly since: number;
}

/** A change that was acknowledged here and could not be made again on what the remote has: it is in nobody's files. */
export interface LostChange extends PendingChange {
  /** When, in epoch milliseconds. */
  readonly lostAt: number;
  /** Why, as the write would have been refused. */
  readonly code: string;
  readonly message: string;
}

/** How things stand with the remote. */
export interface RemoteStatus {
  /** Without credentials. */
  readonly url: string;
  readonly branch: string;
  readonly mode: PushMode;
  readonly transport: 'git' | 'isomorphic-git';
  /** The remote's commit when it was last asked; undefined before that. */
  readonly head: string | undefined;
  /** When it last answered, in epoch milliseconds; undefined before that. */
  readonly fetchedAt: number | undefined;
  /** When all that it had then was served here, in epoch milliseconds, also before a restart; undefined where it never was. */
  readonly followedAt: number | undefined;
  /** How often in a row it has not answered; 0 where the last time went well. */
  readonly failuresInARow: number;
  readonly fetches: number;
  readonly failures: number;
  /** What is wrong now, as a sentence; undefined where all is well. */
  readonly trouble: string | undefined;
  /** True where what is served may be older than what the remote has: it has not answered for several polls. */
  readonly isStale: boolean;
  readonly pending: readonly PendingChange[];
  /** The newest first; few are kept. */
  readonly lost: readonly LostChange[];
}

/** A remote that is followed. */
export interface FollowedRemote {
  readonly status: RemoteStatus;
  /** Asks the remote now, or shares a question that has not begun; fulfils when what it has is served. Rejects with a `Failure`. */
  fetch(): Promise<void>;
  /** Takes a lost change off the list; false where there is none of that id. */
  forget(id: string): Promise<boolean>;
  /** Takes a pending change off that the remote has refused, as `RepositoryWriter.withdraw` says. */
  withdraw(id: string): Promise<boolean>;
  /** Calls back when history was rewritten there: what was served is no longer part of it. Returns how to stop that. */
  onRewritten(listener: (rewritten: { readonly from: string; readonly to: string }) => void): () => void;
  /** Pushes nothing more and asks nothing more. What is pending stays on disk. */
  close(): Promise<void>;
}

/** What a writer needs of a remote. */
export interface WriterRemote extends RemoteRef {
  readonly transport: Transport;
  /** Under which full name this clone notes it: `refs/remotes/origin/main`. */
  readonly trackingRef: string;
  readonly mode: PushMode;
  readonly pending: PendingStore;
  /** Is called when something waits to be pushed by `RepositoryWriter.pushPending`; whoever follows the remote does that. */
  readonly onPending: () => void;
}
