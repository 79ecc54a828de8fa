import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from '../../../src/changes/change.js';
import { Failure } from '../../../src/model/failure.js';
import { parseEnvironmentKey } from '../../../src/model/keys.js';
import { machineDisk } from '../../../src/repository/disk.js';
import { openRepository } from '../../../src/repository/git.js';
import { parseRemote } from '../../../src/repository/remote/address.js';
import { openTransport } from '../../../src/repository/remote/open-transport.js';
import { openPendingStore, type PendingStore } from '../../../src/repository/remote/pending-store.js';
import type { PushMode } from '../../../src/repository/remote/remote.js';
import type {
  Fetched,
  FetchRequest,
  Pushed,
  PushRequest,
  Transport,
} from '../../../src/repository/remote/transport.js';
import type { Integrated } from '../../../src/repository/write-request.js';
import type { WriterOptions } from '../../../src/repository/writer.js';
import {
  createRepository,
  type Files,
  repositoryAt,
  type TestRepository,
  temporaryFolder,
} from '../../support/git.js';
import { FILES, flagKey, NOW, openOn, PROJECT, type Writable } from '../writable.js';

export const REF = 'refs/heads/main';
export const TRACKING = 'refs/remotes/origin/main';

/** A bare repository that is the remote of a server's clone and of a person's. */
export interface Remote {
  readonly bare: TestRepository;
  /** What it is followed as; its folder where it is left out. */
  readonly url?: string;
  /** A person's clone of it. */
  readonly person: TestRepository;
  /** Another clone of it. */
  clone(): Promise<TestRepository>;
  /** The person commits and pushes. */
  push(files: Files, message?: string): Promise<string>;
  head(): Promise<string>;
  /** From now on a hook refuses every push with these words. */
  refuse(words: string): void;
}

/** The switch of a flag in production. */
export function kill(flag: string): Change {
  const environment = parseEnvironmentKey('production');
  if (environment === undefined) throw new Error('not a key');
  return { kind: 'flag.kill', project: PROJECT, flag: flagKey(flag), environment };
}

export async function createRemote(files: Files = FILES): Promise<Remote> {
  const origin = await createRepository(files);
  const bare = await cloneOf(origin.dir, ['--bare']);
  const clone = () => cloneOf(bare.dir, []);
  const person = await clone();
  return {
    bare,
    person,
    clone,
    push: async (changed, message = 'by a person') => {
      await person.git('pull', '--quiet', '--rebase');
      const commit = await person.commit(changed, message);
      await person.git('push', '--quiet');
      return commit;
    },
    head: () => bare.git('rev-parse', REF),
    refuse: (words) => {
      bare.write({ 'hooks/pre-receive': `#!/bin/sh\necho ${words}\nexit 1\n` });
      chmodSync(join(bare.dir, 'hooks/pre-receive'), 0o755);
    },
  };
}

async function cloneOf(dir: string, parameters: readonly string[]): Promise<TestRepository> {
  const to = temporaryFolder();
  const made = repositoryAt(to);
  await made.git('clone', '--quiet', ...parameters, dir, '.');
  return made;
}

/** What goes wrong on the way, until it is told otherwise. */
export type Fault =
  | 'down'
  /** The push arrives, and its answer does not. */
  | 'cut-after'
  /** Nothing comes back until the signal ends it; what was pushed arrives then. */
  | 'hanging';

/** The real way to the remote, on which something can go wrong. */
export class FaultyTransport implements Transport {
  readonly name = 'git';
  readonly #inner: Transport;
  /** What is wrong with pushes, and with questions. */
  pushFault: Fault | undefined;
  fetchFault: Fault | undefined;
  /** Is called before each push that gets through. */
  beforePush: () => Promise<unknown> = async () => undefined;
  /** Is called after each, before its answer is told. */
  afterPush: () => Promise<unknown> = async () => undefined;
  pushes = 0;
  /** How often it was asked where a ref is, or for what it has. */
  questions = 0;
  /** Why what was hanging was ended: `TimeoutError` by its time limit, `AbortError` by somebody in a hurry. */
  endings: string[] = [];

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  set both(fault: Fault | undefined) {
    this.pushFault = fault;
    this.fetchFault = fault;
  }

  defaultBranch(signal: AbortSignal): Promise<string | undefined> {
    return this.#inner.defaultBranch(signal);
  }

  async tipOf(ref: string, signal: AbortSignal): Promise<string | undefined> {
    this.questions += 1;
    await failing(this.fetchFault, signal);
    return this.#inner.tipOf(ref, signal);
  }

  async fetch(request: FetchRequest, signal: AbortSignal): Promise<Fetched> {
    this.questions += 1;
    await failing(this.fetchFault, signal);
    return this.#inner.fetch(request, signal);
  }

  async push(request: PushRequest, signal: AbortSignal): Promise<Pushed> {
    this.pushes += 1;
    const fault = this.pushFault;
    if (fault === 'cut-after') {
      await this.#inner.push(request, signal);
      throw unreachable();
    }
    await failing(fault, signal).catch(async (error) => {
      if (fault === 'hanging') this.endings.push(signal.reason.name);
      if (fault === 'hanging') await this.#inner.push(request, new AbortController().signal);
      throw error;
    });
    await this.beforePush();
    const pushed = await this.#inner.push(request, signal);
    await this.afterPush();
    return pushed;
  }
}

async function failing(fault: Fault | undefined, signal: AbortSignal): Promise<void> {
  if (fault === undefined) return;
  // The timer keeps the process alive while it hangs.
  const timer = setInterval(() => undefined, 1_000);
  if (fault === 'hanging' && !signal.aborted)
    await new Promise((fulfil) => signal.addEventListener('abort', fulfil));
  clearInterval(timer);
  throw unreachable();
}

function unreachable(): Failure {
  return new Failure('busy', 'REMOTE_UNREACHABLE', 'the remote does not answer: it was told not to');
}

/** A clone that is served, written to and made to follow its remote. */
export interface Followed extends Writable {
  readonly transport: FaultyTransport;
  readonly pending: PendingStore;
  /** Asks the remote and integrates what it has. */
  follow(): Promise<Integrated>;
  /** How often there was something to push. */
  told(): number;
}

/** Opens it. */
export async function openFollowed(
  remote: Pick<Remote, 'bare' | 'url'>,
  clone: TestRepository,
  { mode = 'sync', ...options }: Partial<WriterOptions> & { readonly mode?: PushMode } = {},
): Promise<Followed> {
  const repository = await openRepository(clone.dir);
  const address = parseRemote(remote.bare.dir);
  const transport = new FaultyTransport(await openTransport({ repository, address }));
  const followed = { url: remote.url ?? address.url, ref: REF };
  const disk = options.disk ?? machineDisk;
  const pending = openPendingStore({ repository, remote: followed, now: () => NOW, disk });
  let told = 0;
  const onPending = (): void => {
    told += 1;
  };
  const way = { ...followed, transport, trackingRef: TRACKING, mode, pending, onPending };
  const on = await openOn(clone, { ...options, remote: way });
  const { writer } = on;
  return {
    ...on,
    transport,
    pending,
    told: () => told,
    follow: async () => {
      const fetched = await transport.fetch(
        { refs: new Map([[REF, TRACKING]]) },
        new AbortController().signal,
      );
      const tip = fetched.get(REF);
      if (tip === undefined) throw new Error('the remote has no branch');
      return writer.integrate(tip);
    },
  };
}
