import { setTimeout as wait } from 'node:timers/promises';
import { readRef } from '../head.js';
import type { GitAnswer } from './git-child.js';
import { failureOf, fetchFailureOf, isLocked, isRefMissing, remoteWords } from './git-complaint.js';
import { runGit } from './git-run.js';
import { KnownRefs } from './known-refs.js';
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
  readonly #known = new KnownRefs();

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

  /** One process, where it is known which of the refs are there; else they are asked for first. */
  async fetch(request: FetchRequest, signal: AbortSignal): Promise<Fetched> {
    const fetched = (await this.#fetchKnown(request, signal)) ?? (await this.#fetchAsked(request, signal));
    this.#known.learn(fetched);
    return fetched;
  }

  /** Undefined where one of them went away, or where it is not known whether they are there. */
  async #fetchKnown({ refs, depth }: FetchRequest, signal: AbortSignal): Promise<Fetched | undefined> {
    if (depth !== undefined) return undefined;
    const specs = this.#known.specs(refs, (local) => this.#here(local) !== undefined);
    if (specs === undefined) return undefined;
    const answer = await this.#bring({ specs, locals: [...refs.values()] }, signal);
    if (isRefMissing(answer)) return undefined;
    this.#assertDone(answer);
    return new Map([...refs].map(([remote, local]) => [remote, this.#here(local)]));
  }

  async #fetchAsked({ refs, depth }: FetchRequest, signal: AbortSignal): Promise<Fetched> {
    const there = await this.#list([...refs.keys()], signal);
    const due = [...refs].filter(([remote, local]) => isNews(there.get(remote), this.#here(local)));
    if (due.length > 0) {
      const specs = due.map(([remote, local]) => `+${remote}:${local}`);
      this.#assertDone(await this.#bring({ specs, locals: due.map(([, local]) => local), depth }, signal));
    }
    return new Map(
      [...refs].map(([remote, local]) => [remote, there.has(remote) ? this.#here(local) : undefined]),
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

  /** Waits a little for somebody who moves the same refs. */
  async #bring(what: Bringing, signal: AbortSignal): Promise<GitAnswer> {
    sweepUnfinished(this.#repository.commonDir);
    const words = fetchWords(what, this.#address);
    for (let attempt = 1; attempt < LOCK_ATTEMPTS; attempt += 1) {
      const answer = await this.#run(words, signal);
      if (!isLocked(answer)) return answer;
      await wait(LOCK_WAIT_MS * attempt);
    }
    // One of ours is held for a moment: by now it is what a crash has left.
    for (const local of what.locals) await this.#moves.recover(local);
    return this.#run(words, signal);
  }

  #here(ref: string): string | undefined {
    return readRef(this.#repository.commonDir, ref);
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

/** What is fetched, and the refs of this clone that it moves. */
interface Bringing {
  readonly specs: readonly string[];
  readonly locals: readonly string[];
  readonly depth?: number | undefined;
}

function fetchWords({ specs, depth }: Bringing, { url }: RemoteAddress): readonly string[] {
  const options = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--no-show-forced-updates'];
  const depthOption = depth === undefined ? [] : [`--depth=${depth}`];
  return ['fetch', '--quiet', ...options, ...depthOption, '--', url, ...specs];
}

function isNews(there: string | undefined, here: string | undefined): boolean {
  return there !== undefined && there !== here;
}
