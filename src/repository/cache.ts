import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { Adoption, WritableCache } from './adoption.js';
import { Builder } from './builder.js';
import type { CommitHistory } from './commit-history.js';
import { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { History } from './history.js';
import type { OrgState } from './org-build.js';
import { ParsedStore } from './parsed-store.js';
import { openPast, type Past } from './past.js';
import { Reporter } from './reporter.js';
import type { ServedOrg } from './served.js';
import { ServedOrgs } from './served-orgs.js';
import { ServedSettings } from './served-settings.js';
import { servedSource } from './served-source.js';
import type { ReadSettings } from './settings.js';
import { SharedRuns } from './shared-runs.js';
import type { FlagSource, Sight } from './source.js';
import { type Watching, watchRefs } from './watch.js';
import { restingTree } from './work-stamp.js';

/** How a cache is opened. */
export interface CacheOptions {
  readonly repository: GitRepository;
  /** The branch to follow; HEAD where it is left out. */
  readonly branch?: string | undefined;
  /** A revision that is served instead: a branch, a tag, a commit, a ref. */
  readonly ref?: string | undefined;
  /** True serves the plain files of the work tree, live, for local work. */
  readonly worktree?: boolean | undefined;
  /** False leaves history alone: for a process that writes once and ends, which should not wait for the first walk. */
  readonly followsHistory?: boolean;
  /** How often it is looked for news even if no watcher says anything, in milliseconds; 900 where it is left out. */
  readonly pollMs?: number;
  /** Gets one line for each thing that an operator should know. */
  readonly log?: (line: string) => void;
  /** The clock, in epoch milliseconds. */
  readonly now?: () => number;
}

/** Where no watcher says anything, a commit is still served within a second. */
const POLL_MS = 900;

/**
 * Opens the cache: it loads in the background, follows what the git program does, and is ready once `ready` is
 * fulfilled. Throws nothing for what is wrong in the repository: `trouble` and `problems` tell.
 */
export async function openCache(options: CacheOptions): Promise<WritableCache> {
  const cache = new Cache(options);
  cache.start();
  return cache;
}

class Cache implements WritableCache {
  readonly ready: Promise<void>;
  readonly #options: CacheOptions;
  readonly #source: FlagSource;
  readonly #orgs = new ServedOrgs();
  readonly #reader: FileReader;
  readonly #store: ParsedStore;
  readonly #builder: Builder;
  readonly #settings: ServedSettings;
  readonly #history: History;
  readonly #past: Past;
  readonly #runs = new SharedRuns(() => this.#run());
  readonly #watchings: Watching[] = [];
  readonly #reporter: Reporter;
  #strays: readonly Problem[] = [];
  /** What the last build was of. */
  #stamp: string | undefined;
  #revision: string | undefined;
  /** The commit whose history is told; the work tree has that of the commit below it. */
  #followed: string | undefined;
  /** The commit that a write is making. */
  #expected: string | undefined;
  #trouble: string | undefined;
  #isReady = false;
  #becomeReady: () => void = () => undefined;
  #poll: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: CacheOptions) {
    const { repository, now = Date.now, log = () => undefined } = options;
    this.#options = options;
    this.#source = servedSource(options);
    this.ready = new Promise((fulfil) => {
      this.#becomeReady = fulfil;
    });
    this.#reader = new FileReader(repository);
    this.#store = new ParsedStore(repository);
    this.#history = new History(repository, { reader: this.#reader });
    this.#past = openPast({
      repository,
      reader: this.#reader,
      orgs: () => this.orgs,
      history: this.#history,
      now,
    });
    this.#reporter = new Reporter(log);
    this.#settings = new ServedSettings({ repository, reader: this.#reader, orgs: this.#orgs });
    this.#builder = new Builder({
      repository,
      reader: this.#reader,
      store: this.#store,
      orgs: this.#orgs,
      now,
    });
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get orgs(): ReadonlyMap<string, ServedOrg> {
    return this.#orgs.byKey;
  }

  get states(): ReadonlyMap<OrgKey, OrgState> {
    return this.#orgs.states;
  }

  get defaultOrg(): ServedOrg | undefined {
    return this.#orgs.defaultOrg;
  }

  get revision(): string | undefined {
    return this.#revision;
  }

  get problems(): readonly Problem[] {
    return [...(this.#settings.current?.problems ?? []), ...this.#strays, ...this.#orgs.unservedProblems];
  }

  get settings(): ReadSettings | undefined {
    return this.#settings.current;
  }

  get trouble(): string | undefined {
    return this.#trouble;
  }

  get history(): CommitHistory {
    return this.#history;
  }

  get past(): Past {
    return this.#past;
  }

  get orgTroubles(): ReadonlyMap<string, string> {
    return this.#builder.failed;
  }

  findOrg(keyOrId: string): ServedOrg | undefined {
    return this.#orgs.find(keyOrId);
  }

  onSwap(listener: (org: ServedOrg) => void): () => void {
    return this.#orgs.onSwap(listener);
  }

  onGone(listener: (org: string) => void): () => void {
    return this.#orgs.onGone(listener);
  }

  async refresh(): Promise<void> {
    const head = await this.#runs.ask();
    if (head !== undefined) await this.#followHistory(head);
    if (this.#revision === undefined || this.#isClosed) return;
    this.#isReady = true;
    // Until then somebody may wait for it, and a process that nothing else keeps would end meanwhile.
    this.#poll?.unref();
    this.#becomeReady();
  }

  expect(commit: string | undefined): void {
    this.#expected = commit;
  }

  async adopt(adoption: Adoption): Promise<boolean> {
    const isAdopted = await this.#runs.alone(() => this.#adopt(adoption));
    if (isAdopted) await this.#followHistory(adoption.commit);
    return isAdopted;
  }

  invalidate(org: string | undefined): void {
    const one = org === undefined ? undefined : this.findOrg(org)?.snapshot.key;
    for (const key of this.#orgs.states.keys())
      if (org === undefined || key === one) this.#builder.forget(key);
    this.#refreshInBackground();
  }

  start(): void {
    const { repository, worktree, pollMs = POLL_MS, log = () => undefined } = this.#options;
    const refs = watchRefs(this.#source.place, { onChange: () => this.#look(this.#source.look()), log });
    this.#watchings.push(refs);
    if (worktree && repository.workDir !== undefined)
      this.#watchings.push(restingTree(repository.workDir).follow(() => this.#refreshInBackground()));
    this.#poll = setInterval(() => {
      refs.renew();
      this.#look(this.#source.glance());
    }, pollMs);
    this.#refreshInBackground();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#poll);
    await Promise.all(this.#watchings.map((watching) => watching.close()));
    await this.#reader.close();
    await this.#runs.settled();
    await this.#history.close();
    await this.#store.flush();
  }

  async #followHistory(head: string): Promise<void> {
    this.#followed = head;
    if (this.#options.followsHistory !== false) await this.#history.follow(head);
  }

  /** Cheap where nothing has changed. History may become another without a commit: when a shallow clone is deepened. */
  async #look(sight: Promise<Sight>): Promise<void> {
    const isServed = await this.#isAllServed(sight);
    if (!isServed) this.#refreshInBackground();
    else if (this.#followed !== undefined) await this.#followHistory(this.#followed).catch(() => undefined);
  }

  async #isAllServed(sight: Promise<Sight>): Promise<boolean> {
    try {
      const { stamp } = await sight;
      if (stamp !== undefined && stamp === this.#expected) return true;
      return stamp === this.#stamp && this.#trouble === undefined && !this.#builder.hasWork;
    } catch {
      return false;
    }
  }

  /** What goes wrong is in `trouble`, and the next poll tries again. */
  #refreshInBackground(): void {
    if (!this.#isClosed) this.refresh().catch(() => undefined);
  }

  /** Builds and serves what there is now; gives its commit, or undefined where there is none yet. */
  async #run(): Promise<string | undefined> {
    if (this.#isClosed) return undefined;
    try {
      const sight = await this.#source.look();
      await this.#serve(sight);
      this.#note(undefined);
      return sight.head;
    } catch (error) {
      if (!this.#isClosed) this.#note(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** The settings and stray files are as they were at the base: writes are to organizations. */
  async #adopt({ base, commit, orgs }: Adoption): Promise<boolean> {
    if (this.#isClosed) return false;
    if (this.#revision === commit) return true;
    const { stamp } = await this.#source.look();
    if (stamp !== commit || this.#revision !== base) return false;
    if (!(await this.#builder.adopt(orgs, commit))) return false;
    await this.#settings.adopt(orgs, commit);
    this.#revision = commit;
    this.#stamp = commit;
    this.#report();
    return true;
  }

  /** The stamp is remembered last: a build that fails is one that has not been. */
  async #serve(sight: Sight): Promise<void> {
    const { head, stamp } = sight;
    if (this.#revision === head && stamp === this.#stamp && !this.#builder.hasWork) return;
    const served = this.#revision === undefined ? undefined : this.#orgs.versions;
    const listing = await this.#source.list(sight, served);
    if (listing === undefined) return;
    // The watch tells of what overtook it, or the next poll.
    if (!(await this.#builder.build(listing, head))) return;
    await this.#settings.read(listing, head);
    this.#strays = listing.strays;
    this.#revision = listing.revision;
    this.#stamp = stamp;
    this.#report();
  }

  #report(): void {
    this.#reporter.reportProblems(this.problems);
    this.#reporter.reportOrgs(this.#orgs.byKey, this.#builder.failed);
  }

  #note(trouble: string | undefined): void {
    this.#trouble = trouble;
    this.#reporter.reportTrouble(trouble);
  }
}
