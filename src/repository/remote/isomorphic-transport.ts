import { expectedFailure } from '../disk-failure.js';
import { readRef } from '../head.js';
import { assertComplete } from './complete.js';
import { askForPack } from './fetch-pack.js';
import { httpClient } from './http-client.js';
import { assertStandsOn, newObjects } from './new-objects.js';
import type { TransportRepository } from './open-transport.js';
import { packBytes } from './pack-bytes.js';
import { BrokenPackets } from './pkt-line.js';
import { RefMoves } from './ref-move.js';
import { unreachable } from './remote-failure.js';
import { refsOf } from './remote-refs.js';
import { sendPack } from './send-pack.js';
import { writeShallow } from './shallow.js';
import type { Fetched, FetchRequest, Pushed, PushRequest, RemoteAddress, Transport } from './transport.js';

/** How many commits below each ref the remote is told of, so that it finds one that it knows. */
const HAVES = 64;

/**
 * The way without git's program, over http. Isomorphic-git finds the refs and indexes packs; its own fetch moves refs
 * before their objects are here and its push walks whole trees, so both are made of the protocol's parts instead.
 */
export class IsomorphicTransport implements Transport {
  readonly name = 'isomorphic-git';
  readonly #repository: TransportRepository;
  readonly #address: RemoteAddress;
  readonly #refs: RefMoves;

  constructor(repository: TransportRepository, address: RemoteAddress) {
    this.#repository = repository;
    this.#address = address;
    this.#refs = new RefMoves(repository);
  }

  defaultBranch(signal: AbortSignal): Promise<string | undefined> {
    return this.#asking(async () => {
      const refs = await refsOf({ address: this.#address, signal, prefix: 'HEAD' });
      const target = refs.find(({ ref }) => ref === 'HEAD')?.target;
      return target?.replace(/^refs\/heads\//, '');
    });
  }

  tipOf(ref: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#asking(async () => (await this.#find(ref, signal))[1]);
  }

  fetch(request: FetchRequest, signal: AbortSignal): Promise<Fetched> {
    return this.#asking(async () => {
      const asked = [...request.refs.keys()].map((remote) => this.#find(remote, signal));
      const there = new Map(await Promise.all(asked));
      const due = new Set<string>();
      for (const [remote, local] of request.refs) {
        const oid = there.get(remote);
        if (oid !== undefined && oid !== readRef(this.#repository.commonDir, local)) due.add(oid);
      }
      if (due.size > 0) await this.#bring(due, request, signal);
      for (const [remote, local] of request.refs) {
        const oid = there.get(remote);
        if (oid !== undefined && due.has(oid)) await this.#refs.move(local, oid);
      }
      return there;
    });
  }

  async push({ ref, commit, expected }: PushRequest, signal: AbortSignal): Promise<Pushed> {
    await assertStandsOn(this.#repository, commit, expected);
    return this.#asking(async () => {
      const refs = await refsOf({ address: this.#address, signal, prefix: ref, isForPush: true });
      const there = refs.find((one) => one.ref === ref)?.oid;
      if (there === commit) return { kind: 'pushed' };
      if (there !== expected) return { kind: 'moved' };
      const objects = await newObjects(this.#repository, { tip: commit, known: expected });
      const pack = await packBytes(this.#repository, objects);
      const http = httpClient(this.#address, signal);
      return sendPack({ http, address: this.#address, ref, from: expected, to: commit, pack });
    });
  }

  /** The ref on the remote, by the newer protocol: of all its refs only those that begin so are sent. */
  async #find(remote: string, signal: AbortSignal): Promise<readonly [string, string | undefined]> {
    const refs = await refsOf({ address: this.#address, signal, prefix: remote });
    return [remote, refs.find(({ ref }) => ref === remote)?.oid];
  }

  async #bring(wants: ReadonlySet<string>, request: FetchRequest, signal: AbortSignal): Promise<void> {
    const { commonDir } = this.#repository;
    const { fresh, shallow, isShallowNew } = await askForPack(this.#repository, {
      http: httpClient(this.#address, signal),
      url: this.#address.url,
      wants,
      haves: await this.#haves([...request.refs.values()]),
      depth: request.depth,
    });
    for (const tip of wants) await assertComplete(this.#repository, { tip, fresh, shallow });
    if (isShallowNew) await writeShallow(commonDir, shallow);
  }

  async #haves(refs: readonly string[]): Promise<ReadonlySet<string>> {
    const haves = new Set<string>();
    for (const ref of [...refs, 'HEAD']) {
      let oid = readRef(this.#repository.commonDir, ref);
      for (let count = 0; oid !== undefined && count < HAVES && !haves.has(oid); count += 1) {
        if ((await this.#repository.findObjects(oid)).length === 0) break;
        haves.add(oid);
        oid = (await this.#repository.readCommit(oid)).parents[0];
      }
    }
    return haves;
  }

  /** What the network gave and made no sense means that the remote is of no use now. */
  async #asking<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof BrokenPackets || isIsomorphic(error))
        throw unreachable(this.#address, error.message, error);
      throw expectedFailure(error) ?? error;
    }
  }
}

function isIsomorphic(error: unknown): error is Error {
  return error instanceof Error && 'isIsomorphicGitError' in error;
}
