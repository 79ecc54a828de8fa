import type { PushMode } from './remote.js';

/** Which remote repository is followed, and how. */
export interface RemoteOptions {
  /** As git takes it: `https://git.example.com/acme/flags.git`. A name and a password may be in it; they are kept in memory. */
  readonly url: string;
  /** How often it is asked for news, in milliseconds, give or take a tenth; 5,000 where it is left out. */
  readonly pollMs?: number | undefined;
  /** When a write is acknowledged; `sync` where it is left out. */
  readonly mode?: PushMode | undefined;
  /** The most commits that a first clone brings; all where it is left out. */
  readonly depth?: number | undefined;
}
