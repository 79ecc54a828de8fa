import { setTimeout as wait } from 'node:timers/promises';
import { readRef } from '../head.js';
import type { GitAnswer } from './git-child.js';
import { failureOf, fetchFailureOf, isLocked, remoteWords } from './git-complaint.js';
import { runGit } from './git-run.js';
import { assertStandsOn } from './new-objects.js';
import type { TransportRepository } from './open-transport.js';
import { judgeRefusal } from './push-verdict.js';
import { RefMoves } from './ref-move.js';
import { otherKind } from './remote-failure.js';
import type { Fetched, FetchRequest, Pushed, PushRequest, RemoteAddress, Transport } from './transport.js';
import { sweepUnfinished } from './unfinished-packs.js';

/** Git gives up at once where somebody else moves the same ref of this clone; so often it is asked again. */
const LOCK_ATTEMPTS = 5;
const LOCK_WAIT_MS = 60;

type GitTransportRepository = Pick<
  TransportRepository,
  'commonDir' | 'stateDir' | 'readCommit' | 'findObjects'
>;

/**
 * The way through git's own program: each question is a process. It moves a ref of this clone only when all that the
 * commit needs is there, and flushed.
 */
export class GitTransport implements Transport {
  readonly name = 'git';
  readonly #repository: GitTransportRepository;
  readonly #address: RemoteAddress;
  readonly #moves: RefMoves;

  constructor(repository: GitTransportRepository, address: RemoteAddress) {
    this.#repository = repository;
    this.#address = address;
    this.#moves = new RefMoves(repository);
  }

  async defaultBranch(signal: AbortSignal): Promise<string | undefined> {
    const { output } = await this.#ask(['ls-remote', '--symref', '--', this.#address.url, 'HEAD'], signal);
    return /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(output)?.[1];
  }

  async tipOf(ref: string, signal: AbortSignal): Promise<string | undefined> {
    return (await this.#list([ref], signal)).get(ref);
  }

  /** Asks first what is there: most questions of a poll end with that. */
  async fetch(request: FetchRequest, signal: AbortSignal): Promise<Fetched> {
    const { commonDir } = this.#repository;
    const there = await this.#list([...request.refs.keys()], signal);
    const isDue = ([remote, local]: readonly [string, string]): boolean =>
      there.has(remote) && there.get(remote) !== readRef(commonDir, local);
    const due = [...request.refs].filter(isDue);
    if (due.length > 0) await this.#bring(due, request.depth, signal);
    return new Map(
      [...request.refs].map(([remote, local]) => [
        remote,
        there.has(remote) ? readRef(commonDir, local) : undefined,
      ]),
    );
  }

  /** The lease makes the remote's place part of the question. It would let a force through, so that is ruled out before. */
  async push({ ref, commit, expected }: PushRequest, signal: AbortSignal): Promise<Pushed> {
    await assertStandsOn(this.#repository, commit, expected);
    const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
    const words = ['push', '--porcelain', '--no-verify', lease, '--', this.#address.url, `${commit}:${ref}`];
    const answer = await this.#run(words, signal);
    if (answer.code === 0) return { kind: 'pushed' };
    const refusal = /^!\t\S+\t\[(rejected|remote rejected)\] \((.*)\)$/m.exec(answer.output)?.[2];
    if (refusal === undefined) throw failureOf(answer, this.#address);
    return judgeRefusal({ reason: refusal, words: remoteWords(answer.complaint) }, this.#address);
  }

  async #list(refs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const answer = await this.#ask(['ls-remote', '--refs', '--', this.#address.url, ...refs], signal);
    if (/^[0-9a-f]{64}\t/m.test(answer.output)) throw otherKind(this.#address);
    const lines = answer.output.matchAll(/^([0-9a-f]{40})\t(\S+)$/gm);
    const found = new Map([...lines].map(([, oid = '', ref = '']) => [ref, oid]));
    return new Map([...found].filter(([ref]) => refs.includes(ref)));
  }

  async #bring(
    refs: readonly (readonly [string, string])[],
    depth: number | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const options = [
      '--no-tags',
      '--no-write-fetch-head',
      '--no-auto-maintenance',
      '--no-show-forced-updates',
    ];
    const depthOption = depth === undefined ? [] : [`--depth=${depth}`];
    const specs = refs.map(([remote, local]) => `+${remote}:${local}`);
    const words = ['fetch', '--quiet', ...options, ...depthOption, '--', this.#address.url, ...specs];
    sweepUnfinished(this.#repository.commonDir);
    for (let attempt = 1; attempt < LOCK_ATTEMPTS; attempt += 1) {
      const answer = await this.#run(words, signal);
      if (!isLocked(answer)) return this.#assertDone(answer);
      await wait(LOCK_WAIT_MS * attempt);
    }
    // One of ours is held for a moment: by now it is what a crash has left.
    for (const [, local] of refs) await this.#moves.recover(local);
    this.#assertDone(await this.#run(words, signal));
  }

  #assertDone(answer: GitAnswer): void {
    if (answer.code !== 0) throw fetchFailureOf(answer, this.#address);
  }

  async #ask(words: readonly string[], signal: AbortSignal): Promise<GitAnswer> {
    const answer = await this.#run(words, signal);
    if (answer.code !== 0) throw failureOf(answer, this.#address);
    return answer;
  }

  #run(words: readonly string[], signal: AbortSignal): Promise<GitAnswer> {
    return runGit({ gitDir: this.#repository.commonDir, words, address: this.#address, signal });
  }
}
