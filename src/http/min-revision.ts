import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../model/failure.js';
import { readCommitIfThere } from '../repository/commit-if-there.js';
import type { GitRepository } from '../repository/git.js';
import { isAncestor } from '../repository/remote/ancestry.js';
import type { FollowedRemote } from '../repository/remote/remote.js';
import type { FlagCache } from '../repository/served.js';

/** A commit that what is served must have, so that callers read what they, or others, wrote at another server. */
export interface WantedRevision {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** True where the caller only passes on what an event said: a commit that nobody knows is no reason not to answer. */
  readonly isHint: boolean;
}

const COMMIT = /^[0-9a-f]{40}$/i;

/**
 * The revision that the request wants at least: in the header `Flagstaff-Min-Revision`, or as OFREP's `flagConfigEtag`,
 * which events of a stream name (a text there that is no commit's id is another server's, and is passed over). Throws
 * `Failure` INVALID_REVISION for a header that is no commit's whole id.
 */
export function readMinRevision(headers: IncomingHttpHeaders, query: string): WantedRevision | undefined {
  const named = headers['flagstaff-min-revision'];
  if (named !== undefined) {
    const commit = String(named);
    if (COMMIT.test(commit)) return { commit: commit.toLowerCase(), isHint: false };
    const sentence = 'Flagstaff-Min-Revision: wanted the whole id of a commit, 40 hexadecimal digits';
    throw new Failure('invalid', 'INVALID_REVISION', sentence);
  }
  if (!query.includes('flagConfigEtag=')) return undefined;
  const told = new URLSearchParams(query).get('flagConfigEtag') ?? '';
  return COMMIT.test(told) ? { commit: told.toLowerCase(), isHint: true } : undefined;
}

/** What waiting for a revision needs. */
export interface MinRevisionOptions {
  readonly repository: GitRepository;
  readonly cache: FlagCache;
  readonly remote: FollowedRemote | undefined;
  /** True once the server ends: then nobody waits any longer. */
  readonly isClosing: () => boolean;
  readonly limits?: MinRevisionLimits | undefined;
}

export interface MinRevisionLimits {
  /** How long a request waits. */
  readonly waitMs: number;
  /** So many requests wait at a time. */
  readonly mostWaiting: number;
}

const LIMITS: MinRevisionLimits = { waitMs: 5_000, mostWaiting: 200 };
const LOOK_AGAIN_MS = 20;
/** The remote is asked for what is not known here, but not by every request that names what nobody has. */
const ASK_AGAIN_MS = 1_000;
const MOST_VERDICTS = 1_000;

/** Lets requests wait until what is served has the commit that they name. */
export class MinRevision {
  readonly #options: MinRevisionOptions;
  readonly #limits: MinRevisionLimits;
  /** By wanted and served commit, whether the one is in the other. */
  readonly #verdicts = new Map<string, Promise<boolean>>();
  #waiting = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(options: MinRevisionOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
  }

  /**
   * Fulfils once what is served is that commit or a later one: at once where it is. Else the remote is asked, and the
   * request waits, bounded. Throws `Failure` 503 REVISION_NOT_SERVED where that does not help.
   */
  async serve(wanted: WantedRevision): Promise<void> {
    if (await this.#hasServed(wanted.commit)) return;
    if (this.#waiting >= this.#limits.mostWaiting) throw notServed('too many requests wait for others');
    this.#waiting += 1;
    try {
      this.#askRemote();
      if (await this.#comes(wanted.commit)) return;
    } finally {
      this.#waiting -= 1;
    }
    const known = await readCommitIfThere(this.#options.repository, wanted.commit);
    if (wanted.isHint && known === undefined) return;
    throw notServed(known === undefined ? 'it is not known here' : 'it is not part of what is served');
  }

  async #comes(commit: string): Promise<boolean> {
    const end = performance.now() + this.#limits.waitMs;
    while (performance.now() < end && !this.#options.isClosing()) {
      const before = this.#servedCommit;
      await wait(LOOK_AGAIN_MS);
      if (this.#servedCommit !== before && (await this.#hasServed(commit))) return true;
    }
    return this.#hasServed(commit);
  }

  /** All organizations are served as of it; of the work tree, the commit below it. */
  get #servedCommit(): string | undefined {
    const { history, revision } = this.#options.cache;
    return revision === 'worktree' ? history.head : revision;
  }

  async #hasServed(commit: string): Promise<boolean> {
    const served = this.#servedCommit;
    if (served === undefined) return false;
    const { history } = this.#options.cache;
    if (served === commit || (history.head === served && history.has(commit))) return true;
    const question = `${commit} ${served}`;
    const verdict = this.#verdicts.get(question) ?? this.#isIn(commit, served);
    if (this.#verdicts.size >= MOST_VERDICTS) this.#verdicts.clear();
    this.#verdicts.set(question, verdict);
    // What could not be read now may be later.
    verdict.catch(() => this.#verdicts.delete(question));
    return verdict;
  }

  /** Commits that came by a merge, and those of a history that is not walked yet. */
  async #isIn(commit: string, served: string): Promise<boolean> {
    const { repository } = this.#options;
    const isKnown = (await readCommitIfThere(repository, commit)) !== undefined;
    return isKnown && isAncestor(repository, { one: commit, of: served });
  }

  /** Its failures are told where the remote is followed. */
  #askRemote(): void {
    const now = performance.now();
    if (this.#options.remote === undefined || now - this.#askedAt < ASK_AGAIN_MS) return;
    this.#askedAt = now;
    this.#options.remote.fetch().catch(() => undefined);
  }
}

function notServed(why: string): Failure {
  return new Failure('busy', 'REVISION_NOT_SERVED', `the revision that was asked for is not served: ${why}`);
}
