import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../../model/failure.js';
import { readRef } from '../head.js';
import { type GitAnswer, runGit } from './git-run.js';
import { assertStandsOn } from './new-objects.js';
import type { TransportRepository } from './open-transport.js';
import { judgeRefusal } from './push-verdict.js';
import { denied, unreachable } from './remote-failure.js';
import type { Fetched, FetchRequest, Pushed, PushRequest, RemoteAddress, Transport } from './transport.js';

/** Git gives up at once where somebody else moves the same ref of this clone; so often it is asked again. */
const LOCK_ATTEMPTS = 5;
const LOCK_WAIT_MS = 60;

const IS_LOCKED = /cannot lock ref|\.lock': File exists/;
const IS_DENIED =
  /could not read (?:Username|Password)|Authentication failed|Permission denied|access rights|returned error: 40[134]|not found|does not appear to be a git repository|Host key verification failed/i;
const IS_FULL = /No space left on device|Disk quota exceeded/;
type GitTransportRepository = Pick<TransportRepository, 'commonDir' | 'readCommit' | 'findObjects'>;

/**
 * The way through git's own program: each question is a process. It moves a ref of this clone only when all that the
 * commit needs is there, and flushed.
 */
export class GitTransport implements Transport {
  readonly name = 'git';
  readonly #repository: GitTransportRepository;
  readonly #address: RemoteAddress;

  constructor(repository: GitTransportRepository, address: RemoteAddress) {
    this.#repository = repository;
    this.#address = address;
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
    if (refusal === undefined) throw this.#failure(answer);
    return judgeRefusal({ reason: refusal, words: remoteWords(answer.complaint) }, this.#address);
  }

  async #list(refs: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const answer = await this.#ask(['ls-remote', '--refs', '--', this.#address.url, ...refs], signal);
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
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#run(words, signal);
      if (answer.code === 0) return;
      if (!IS_LOCKED.test(answer.complaint) || attempt === LOCK_ATTEMPTS) throw this.#failure(answer);
      await wait(LOCK_WAIT_MS * attempt);
    }
  }

  async #ask(words: readonly string[], signal: AbortSignal): Promise<GitAnswer> {
    const answer = await this.#run(words, signal);
    if (answer.code !== 0) throw this.#failure(answer);
    return answer;
  }

  #run(words: readonly string[], signal: AbortSignal): Promise<GitAnswer> {
    return runGit({ gitDir: this.#repository.commonDir, words, address: this.#address, signal });
  }

  #failure({ complaint, code }: GitAnswer): Failure {
    const lines = complaint.split('\n').filter((line) => line !== '' && !/^(?:hint: |To )/.test(line));
    const why = lines.length > 0 ? lines.join(' ') : complaint || `git ended with ${code}`;
    if (IS_FULL.test(complaint)) {
      return new Failure('full', 'DISK_FULL', 'the disk is full; nothing of the remote was brought here');
    }
    return IS_DENIED.test(complaint) ? denied(this.#address, why) : unreachable(this.#address, why);
  }
}

/** What the remote's hooks say comes line by line, each after `remote: `. */
function remoteWords(complaint: string): string {
  return [...complaint.matchAll(/^remote: (.*)$/gm)].map(([, line = '']) => line).join(' ');
}
