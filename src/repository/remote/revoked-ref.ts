import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../model/failure.js';
import { readRef } from '../head.js';
import type { RevokedByDay, RevokedTokens } from '../revoked-tokens.js';
import { SharedRuns } from '../shared-runs.js';
import { RefMoves } from './ref-move.js';
import { type RevokedRepository, readRevoked, writeRevoked } from './revoked-commit.js';
import type { Fetched, Transport } from './transport.js';

/** Where all replicas keep the ids of tokens that were revoked: the same name on the remote and in each clone. */
export const REVOKED_REF = 'refs/flagstaff/revoked';

/** What sharing them needs. */
export interface RevokedRefOptions {
  readonly repository: RevokedRepository;
  readonly transport: Transport;
  readonly tokens: Pick<RevokedTokens, 'all' | 'learn' | 'onRevoke'>;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/** So often a push is tried against others that are quicker, and how long one try may take. */
const ATTEMPTS = 20;
const PUSH_MS = 10_000;
const JITTER_MS = 100;

/**
 * Shares revoked tokens with the other replicas, as a tree of days on a ref of their own. What is revoked here is pushed
 * at once, in the background; what cannot be pushed now is pushed after the next fetch. A remote that does not take the
 * ref costs a line in the log: a logout holds on this clone then, as it does without a remote.
 */
export class RevokedRef {
  /** What is to be fetched along: the remote's ref, and the one here. */
  readonly refs: ReadonlyMap<string, string> = new Map([[REVOKED_REF, REVOKED_REF]]);
  readonly #options: RevokedRefOptions;
  readonly #moves: RefMoves;
  readonly #ending = new AbortController();
  readonly #runs = new SharedRuns(() => this.#share());
  readonly #unlisten: () => void;
  /** What the remote has, as far as is known; and what of it was taken in, so that a fetch without news costs nothing. */
  #tip: string | undefined;
  #merged: string | undefined;
  #isDue = true;
  /** What was told of last, so that it is told once. */
  #told: string | undefined;

  constructor(options: RevokedRefOptions) {
    this.#options = options;
    this.#moves = new RefMoves(options.repository);
    this.#tip = readRef(options.repository.commonDir, REVOKED_REF);
    this.#unlisten = options.tokens.onRevoke(() => {
      this.#isDue = true;
      void this.#runs.ask();
    });
  }

  /** Takes in what the remote has, and pushes what it lacks. Never throws; `settled` tells when it is done. */
  onFetched(fetched: Fetched): void {
    this.#tip = fetched.get(REVOKED_REF);
    if (this.#isDue || this.#tip !== this.#merged) void this.#runs.ask();
  }

  /** Fulfils when all that was asked for by now is done, well or not. */
  settled(): Promise<void> {
    return this.#runs.settled();
  }

  /** Pushes no more; what others lack is pushed after the next start. */
  async close(): Promise<void> {
    this.#unlisten();
    this.#ending.abort();
    await this.#runs.settled();
  }

  async #share(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    // What is revoked from here on is due again.
    this.#isDue = false;
    try {
      this.#tell(await this.#merge());
    } catch (error) {
      this.#isDue = true;
      if (this.#ending.signal.aborted) return;
      this.#tell(`revoked tokens are not shared with other replicas now: ${describe(error)}`);
    }
  }

  /** Learns, and pushes the union until the remote has it. Gives what people are to be told; undefined where all is well. */
  async #merge(): Promise<string | undefined> {
    const { repository, tokens, transport, now } = this.#options;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const tip = this.#tip;
      const theirs: RevokedByDay = tip === undefined ? new Map() : await readRevoked(repository, tip);
      await tokens.learn(theirs);
      this.#merged = tip;
      const days = tokens.all();
      if (includes(theirs, days)) return undefined;
      const commit = await writeRevoked(repository, {
        days,
        parent: tip,
        seconds: Math.floor(now() / 1_000),
      });
      const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(PUSH_MS)]);
      const pushed = await transport.push({ ref: REVOKED_REF, commit, expected: tip }, signal);
      if (pushed.kind === 'refused') return notTaken(pushed.reason);
      if (pushed.kind === 'pushed') {
        await this.#moves.move(REVOKED_REF, commit);
        this.#tip = commit;
        this.#merged = commit;
        return undefined;
      }
      this.#tip = (await transport.fetch({ refs: this.refs }, signal)).get(REVOKED_REF);
      await wait(Math.random() * JITTER_MS);
    }
    throw new Failure('busy', 'BRANCH_MOVING', 'others were quicker each time');
  }

  #tell(trouble: string | undefined): void {
    if (trouble !== undefined && trouble !== this.#told) this.#options.log(trouble);
    this.#told = trouble;
  }
}

function notTaken(reason: string): string {
  return `revoked tokens are not shared with other replicas: the remote does not take ${REVOKED_REF} (${reason})`;
}

function includes(theirs: RevokedByDay, days: RevokedByDay): boolean {
  return [...days].every(([day, ids]) => [...ids].every((id) => theirs.get(day)?.has(id) === true));
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
