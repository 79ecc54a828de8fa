import { FLAGS_FOLDER } from '../../files/paths.js';
import type { ProjectKey } from '../../model/keys.js';
import type { EntryBounds, HistoryCommit } from '../../repository/commit-history.js';
import type { FollowedRemote } from '../../repository/remote/remote.js';
import type { FlagCache, ServedOrg } from '../../repository/served.js';
import { SharedRuns } from '../../repository/shared-runs.js';
import { ALONE } from '../cut-answers.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { NewDelivery } from './delivery-store.js';
import { messageOf } from './message.js';
import { allSubscribers, digestOf, subscribersIn } from './subscriber.js';
import { disabledAt, type WebhookNote } from './webhook-note.js';

/** What a teller works with. */
export interface TellerOptions {
  readonly cache: FlagCache;
  /** Its pending changes are not told before the remote has them: until then they may become other commits. */
  readonly remote: FollowedRemote | undefined;
  readonly note: WebhookNote;
  readonly queue: DeliveryQueue;
  readonly log: (line: string) => void;
}

/** Swaps that come close together are told together. */
const GATHER_MS = 50;
/** How often it is looked whether the remote has by now what was pending. */
const PENDING_MS = 1_000;
/** So many commits are told at most of those that came while nobody told; of more, none. */
const MOST_UNTOLD = 1_000;
/** So many are remembered, so that it is known where a rewritten history goes on. */
const REMEMBERED = 200;
const EVERYTHING = [`${FLAGS_FOLDER}/`];
const NAMES_ONLY: EntryBounds = { mostFiles: 0, mostDifferences: 0, mostMerged: 0 };
const FIRST_PAGE = 5;
const PAGE = 100;

/** Tells webhooks of every commit of the history that is served, once it is served. */
export class Teller {
  readonly #options: TellerOptions;
  readonly #runs = new SharedRuns(() => this.#run());
  readonly #stops: (() => void)[];
  /** The commits that were told last, the newest first; none before it is known from where on to tell. */
  #told: readonly string[];
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: TellerOptions) {
    this.#options = options;
    this.#told = options.note.now.told ?? [];
    const ask = (): void => this.#askIn(GATHER_MS);
    this.#stops = [options.cache.onSwap(ask), options.cache.onGone(ask)];
    void options.cache.ready.then(() => this.#askIn(0));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const stop of this.#stops) stop();
    clearTimeout(this.#timer);
    await this.#runs.settled();
  }

  #askIn(milliseconds: number): void {
    if (this.#isClosed || !this.#options.cache.isReady || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#runs.ask().catch((error: unknown) => this.#options.log(`webhooks are not told: ${error}`));
    }, milliseconds).unref();
  }

  async #run(): Promise<void> {
    const { cache, queue } = this.#options;
    if (this.#isClosed || !(await isFollowed(cache))) return;
    const destinations = allSubscribers(cache).map(({ destination }) => destination);
    queue.rememberOnly(destinations);
    try {
      await this.#enable(new Set(destinations.map((destination) => digestOf(destination))));
      const untold = await this.#untold();
      if (destinations.length > 0) await this.#tell(untold);
      else await this.#passOver(untold);
    } finally {
      queue.go();
    }
  }

  /** A commit is noted as told before its messages are sent: each is told once, whenever the power goes. */
  async #tell(untold: readonly HistoryCommit[]): Promise<void> {
    for (const commit of untold.toReversed()) {
      if (this.#isClosed) break;
      const messages = await this.#messagesOf(commit);
      const told = remembered([commit], this.#told);
      if (messages.length > 0) await this.#options.queue.add(messages, () => this.#keep(told));
      this.#told = told;
    }
    const { now } = this.#options.note;
    if (now.told?.[0] !== this.#told[0] || now.told === undefined) await this.#keep(this.#told);
  }

  #keep(told: readonly string[]): Promise<void> {
    return this.#options.note.change({ told });
  }

  /** Where nobody listens nothing is kept on disk. A webhook that comes is told of what comes from then on. */
  async #passOver(untold: readonly HistoryCommit[]): Promise<void> {
    const { note } = this.#options;
    this.#told = remembered(untold, this.#told);
    if (note.now.told !== undefined) await note.change({ told: undefined });
  }

  /** A webhook that is gone from the files is forgotten to be off: who adds it again wants it on. */
  async #enable(digests: ReadonlySet<string>): Promise<void> {
    const { note } = this.#options;
    const disabled = Object.entries(note.now.disabled);
    const kept = disabled.filter(([digest]) => digests.has(digest));
    if (kept.length < disabled.length) await note.change({ disabled: Object.fromEntries(kept) });
  }

  /** The commits that nobody was told of and that may be told, the newest first. */
  async #untold(): Promise<readonly HistoryCommit[]> {
    const { commits, isFound } = await this.#since(new Set(this.#told));
    if (isFound) return this.#settled(commits);
    if (this.#told.length > 0) {
      this.#options.log(`webhooks: not told of ${commits.length} commits, they came while nobody told any`);
    }
    this.#told = remembered(commits);
    return [];
  }

  async #since(
    told: ReadonlySet<string>,
  ): Promise<{ readonly commits: readonly HistoryCommit[]; readonly isFound: boolean }> {
    const { history } = this.#options.cache;
    // By id: what comes between two pages moves the second one.
    const commits = new Map<string, HistoryCommit>();
    while (commits.size < MOST_UNTOLD) {
      const limit = commits.size === 0 ? FIRST_PAGE : PAGE;
      const page = await history.page({ under: EVERYTHING, offset: commits.size, limit, ...NAMES_ONLY });
      for (const { commit } of page.entries) {
        if (told.has(commit.oid)) return { commits: [...commits.values()], isFound: true };
        commits.set(commit.oid, commit);
      }
      if (page.entries.length < limit || told.size === 0) break;
    }
    return { commits: [...commits.values()], isFound: false };
  }

  /** Without those that the remote has not got yet, and those on top of them. */
  #settled(commits: readonly HistoryCommit[]): readonly HistoryCommit[] {
    const pending = new Set(this.#options.remote?.status.pending.map(({ commit }) => commit));
    if (pending.size === 0) return commits;
    this.#askIn(PENDING_MS);
    return commits.slice(commits.findLastIndex(({ oid }) => pending.has(oid)) + 1);
  }

  async #messagesOf(commit: HistoryCommit): Promise<readonly NewDelivery[]> {
    const orgs = this.#options.cache.orgs as ReadonlyMap<string, ServedOrg>;
    const messages: NewDelivery[] = [];
    for (const org of commit.orgs) {
      const served = orgs.get(org);
      for (const project of served?.snapshot.projects.keys() ?? []) {
        if (served !== undefined) messages.push(...(await this.#messagesIn(commit, served, project)));
      }
    }
    return messages;
  }

  async #messagesIn(
    { oid }: HistoryCommit,
    served: ServedOrg,
    key: ProjectKey,
  ): Promise<readonly NewDelivery[]> {
    const { cache, note } = this.#options;
    const project = served.snapshot.projects.get(key);
    const subscribers = subscribersIn(served, key);
    if (project === undefined || subscribers.length === 0) return [];
    const under = [`${FLAGS_FOLDER}/${project.org}/${key}/`];
    const entry = await cache.history.entryOf(oid, under, ALONE);
    return subscribers.flatMap(({ destination, webhook }) => {
      const message = entry && messageOf(entry, project, webhook);
      if (message === undefined || disabledAt(note, destination) !== undefined) return [];
      return [{ ...destination, ...message, commit: oid }];
    });
  }
}

/** The history is followed after the swap. Where git cannot be read, that is told elsewhere, and the next swap asks again. */
async function isFollowed(cache: FlagCache): Promise<boolean> {
  return cache.refresh().then(
    () => true,
    () => false,
  );
}

function remembered(newer: readonly HistoryCommit[], told: readonly string[] = []): readonly string[] {
  return [...newer.map(({ oid }) => oid), ...told].slice(0, REMEMBERED);
}
