import type { GitRepository } from '../git.js';
import type { RevokedTokens } from '../revoked-tokens.js';
import type { RepositoryWriter } from '../write-request.js';
import { type Follower, openFollowedRemote } from './follower.js';
import { openTransport } from './open-transport.js';
import { openPendingStore } from './pending-store.js';
import type { WriterRemote } from './remote.js';
import type { RemoteOptions } from './remote-options.js';
import { RevokedRef } from './revoked-ref.js';
import type { RemoteAddress } from './transport.js';

/** A remote that can be spoken with: first a writer is opened with it, then that writer follows it. */
export interface RemoteWay {
  readonly forWriter: WriterRemote;
  /** Follows the remote from now on. */
  follow(writer: RepositoryWriter): Follower;
  /** Shares revoked tokens no more. */
  close(): Promise<void>;
}

/** What leads to a remote. */
export interface RemoteWayOptions {
  readonly repository: GitRepository;
  readonly address: RemoteAddress;
  readonly branch: string;
  readonly remote: RemoteOptions;
  /** Shared with all that follow the same remote. */
  readonly tokens: RevokedTokens;
  readonly log: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
}

const POLL_MS = 5_000;

/** Asks the remote nothing yet. Throws a `Failure` where the machine cannot speak with such a remote. */
export async function openRemoteWay(options: RemoteWayOptions): Promise<RemoteWay> {
  const { repository, address, branch, remote, tokens, log, now } = options;
  const { mode = 'sync', pollMs = POLL_MS } = remote;
  const transport = await openTransport({ repository, address, log });
  const followed = { url: address.url, ref: `refs/heads/${branch}` };
  const pending = openPendingStore({ repository, remote: followed, now });
  const revoked = new RevokedRef({ repository, transport, tokens, now, log });
  let follower: Follower | undefined;
  return {
    forWriter: {
      ...followed,
      transport,
      trackingRef: `refs/remotes/origin/${branch}`,
      mode,
      pending,
      onPending: () => follower?.pushInBackground(),
    },
    follow: (writer) => {
      follower = openFollowedRemote({
        ...{ repository, writer, transport, address, branch, mode, pollMs, now, log },
        changes: pending,
        alongside: revoked,
      });
      return follower;
    },
    close: () => revoked.close(),
  };
}
