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
  /** True where the caller only passes on what an event said: that it is not served is no reason not to answer. */
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
  /** How long a request waits for a hint. */
  readonly hintMs: number;
  /** So many commits are waited for at a time; so many again for hints. Requests that want the same one wait together. */
  readonly mostCommits: number;
}

const LIMITS: MinRevisionLimits = { waitMs: 5_000, hintMs: 2_000, mostCommits: 200 };
const LOOK_AGAIN_MS = 20;
/** The remote is asked for what is not known here, but not by every request that names what nobody has. */
const ASK_AGAIN_MS = 1_000;
const MOST_VERDICTS = 1_000;

/** A commit that requests wait for together. */
interface Lookout {
  /** How many requests. */
  waiting: number;
  /** Whether it is served now; false comes when nobody waits any longer, and an error where that cannot be told. */
  readonly served: Promise<boolean>;
}

/** Lets requests wait until what is served has the commit that they name. */
export class MinRevision {
  readonly #options: MinRevisionOptions;
  readonly #limits: MinRevisionLimits;
  /** By wanted and served commit, whether the one is in the other. */
  readonly #verdicts = new Map<string, Promise<boolean>>();
  /** By commit. Hints, which anybody may send, take no place of those who must not read anything older. */
  readonly #wanted = new Map<string, Lookout>();
  readonly #hinted = new Map<string, Lookout>();
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(options: MinRevisionOptions) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
  }

  /**
   * Fulfils once what is served is that commit or a later one: at once where it is. Else the remote is asked, and the
   * request waits, bounded. Throws `Failure` 503 REVISION_NOT_SERVED where that does not help; of a hint it never does.
   */
  async serve({ commit, isHint }: WantedRevision): Promise<void> {
    if (isHint) await this.#waitForHint(commit).catch(() => undefined);
    else await this.#waitFor(commit);
  }

  async #waitForHint(commit: string): Promise<void> {
    if (await this.#hasServed(commit)) return;
    const lookout = this.#join(this.#hinted, commit);
    if (lookout !== undefined) await this.#comes(lookout, this.#limits.hintMs);
  }

  async #waitFor(commit: string): Promise<void> {
    if (await this.#hasServed(commit)) return;
    const lookout = this.#join(this.#wanted, commit);
    if (lookout === undefined) throw notServed('too many others are waited for');
    if (await this.#comes(lookout, this.#limits.waitMs)) return;
    if (await this.#hasServed(commit)) return;
    const known = await readCommitIfThere(this.#options.repository, commit);
    throw notServed(known === undefined ? 'it is not known here' : 'it is not part of what is served');
  }

  /** Undefined where too many commits are waited for. */
  #join(lookouts: Map<string, Lookout>, commit: string): Lookout | undefined {
    const known = lookouts.get(commit);
    if (known !== undefined) return known;
    if (lookouts.size >= this.#limits.mostCommits) return undefined;
    const lookout: Lookout = { waiting: 0, served: this.#look(lookouts, commit) };
    lookouts.set(commit, lookout);
    return lookout;
  }

  /** False where it does not come in time. */
  async #comes(lookout: Lookout, ms: number): Promise<boolean> {
    const early = new AbortController();
    lookout.waiting += 1;
    try {
      return await Promise.race([lookout.served, wait(ms, false, { signal: early.signal })]);
    } finally {
      early.abort();
      lookout.waiting -= 1;
    }
  }

  /** Looks for as long as somebody waits. The remote is asked again meanwhile: when it was asked last, it may not have had it. */
  async #look(lookouts: Map<string, Lookout>, commit: string): Promise<boolean> {
    let looked: string | undefined;
    try {
      do {
        this.#askRemote();
        await wait(LOOK_AGAIN_MS);
        const served = this.#servedCommit;
        if (served !== looked && (await this.#hasServed(commit))) return true;
        looked = served;
      } while ((lookouts.get(commit)?.waiting ?? 0) > 0 && !this.#options.isClosing());
      return false;
    } finally {
      lookouts.delete(commit);
    }
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
