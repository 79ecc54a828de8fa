import type { OrgKey } from '../model/keys.js';
import type { AdoptedOrg } from './adoption.js';
import type { FileReader } from './file-reader.js';
import type { GitRepository } from './git.js';
import { type Listing, WORK_TREE } from './listing.js';
import { buildOrg, findingsOf, judgeBetween, newlyBroken, type OrgState, problemsOf } from './org-build.js';
import { type KnownFiles, knownFiles, type OrgFiles, readChangedFiles, readOrgFiles } from './org-files.js';
import type { ParsedStore } from './parsed-store.js';
import { locateFindings } from './positions.js';
import type { ServedOrgs } from './served-orgs.js';

/** What a builder works with. */
export interface BuilderOptions {
  readonly repository: GitRepository;
  readonly reader: FileReader;
  readonly store: ParsedStore;
  readonly orgs: ServedOrgs;
  readonly now: () => number;
}

/** One organization of a build, read or not. */
interface Reading {
  readonly org: OrgKey;
  readonly version: string;
  /** True where it is read from the start because somebody asked for that. */
  readonly isForgotten: boolean;
  readonly read: Promise<OrgFiles | Error>;
}

/** Builds what a listing holds and serves it, organization by organization. One that fails stops no other. */
export class Builder {
  readonly #options: BuilderOptions;
  readonly #forgotten = new Set<OrgKey>();
  #failed: ReadonlyMap<string, string> = new Map();

  constructor(options: BuilderOptions) {
    this.#options = options;
  }

  /** By organization, why its newest version is not served. */
  get failed(): ReadonlyMap<string, string> {
    return this.#failed;
  }

  /** True where another build of the same commit could do more than the last one did. */
  get hasWork(): boolean {
    const states = [...this.#options.orgs.states.values()];
    return (
      this.#failed.size > 0 ||
      this.#forgotten.size > 0 ||
      states.some((state) => state.read.unreadable.length > 0)
    );
  }

  /** Reads and parses this organization from the start in the next build. */
  forget(org: OrgKey): void {
    this.#forgotten.add(org);
  }

  /** False where files of the work tree changed since they were listed: nothing is built, and they are to be listed again. */
  async build(listing: Listing, history: string | undefined): Promise<boolean> {
    const failed = new Map<string, string>();
    const built: OrgState[] = [];
    const readings = this.#startReading(listing);
    if (listing.revision === WORK_TREE && (await isOvertaken(readings))) {
      for (const { org, isForgotten } of readings) if (isForgotten) this.#forgotten.add(org);
      return false;
    }
    for (const reading of readings) {
      const state = await this.#buildOne(reading, listing, history);
      if (state instanceof Error) this.#noteFailure(reading, state, failed);
      else if (state !== undefined) built.push(state);
    }
    const { orgs, store } = this.#options;
    orgs.advance(listing.revision, (org) => (failed.has(org) ? undefined : listing.versions.get(org)));
    for (const gone of orgs.keepOnly((org) => listing.versions.has(org))) store.remove(gone);
    this.#failed = failed;
    const judged = judgeBetween([...orgs.states.values()]);
    for (const state of judged) orgs.swap(state);
    for (const org of new Set([...built, ...judged].map((state) => state.org))) await this.#locate(org);
    for (const { org, read } of built) if (read.parsedNow > 0) store.keep(org, read);
    return true;
  }

  /**
   * Serves organizations that were judged and compiled by a write, as those of this commit; all others are there as they
   * were. False where they were made from something else than what is served.
   */
  async adopt(adopted: readonly AdoptedOrg[], revision: string): Promise<boolean> {
    const { orgs, store } = this.#options;
    if (this.hasWork || !adopted.every((org) => this.#isAdoptable(org))) return false;
    const now = this.#options.now();
    for (const { after } of adopted) orgs.swap(adoptedState(after, orgs.states.get(after.org), now));
    orgs.advance(revision, (org) => orgs.states.get(org)?.version);
    const judged = judgeBetween([...orgs.states.values()]);
    for (const state of judged) orgs.swap(state);
    for (const { after } of adopted) {
      await this.#locate(after.org);
      store.keep(after.org, after.read);
    }
    return true;
  }

  /** What is newly broken may have a good version in history, which a build looks for and a write does not. */
  #isAdoptable({ before, after }: AdoptedOrg): boolean {
    if (this.#options.orgs.states.get(after.org)?.loaded !== before.loaded) return false;
    return (
      after.version !== '' && newlyBroken({ previous: before, read: after.read }, after.loaded).length === 0
    );
  }

  /**
   * All at once, so that the workers have the files of the next organization while this one is judged. What is forgotten
   * from now on is for the next build.
   */
  #startReading(listing: Listing): readonly Reading[] {
    const changed = [...listing.versions].filter(([org, version]) => this.#needsBuild(org, version));
    const readings = changed.map(([org, version]) => {
      const isForgotten = this.#forgotten.has(org);
      return { org, version, isForgotten, read: asValue(this.#read(listing, org, isForgotten)) };
    });
    this.#forgotten.clear();
    return readings;
  }

  #noteFailure({ org, isForgotten }: Reading, error: Error, failed: Map<string, string>): void {
    failed.set(org, error.message);
    if (isForgotten) this.#forgotten.add(org);
  }

  #needsBuild(org: OrgKey, version: string): boolean {
    const state = this.#options.orgs.states.get(org);
    if (state === undefined || state.version !== version) return true;
    return this.#forgotten.has(org) || this.#failed.has(org) || state.read.unreadable.length > 0;
  }

  /** What git had lost is asked for again, as is all that is forgotten. */
  async #read(listing: Listing, org: OrgKey, isForgotten: boolean): Promise<OrgFiles> {
    const state = this.#options.orgs.states.get(org);
    const isWhole = !isForgotten && state !== undefined && state.read.unreadable.length === 0;
    const changes = isWhole ? await listing.changesSince(org, state.version) : undefined;
    const changed = isWhole && changes && (await readChangedFiles(this.#options.reader, state.read, changes));
    if (changed) return changed;
    const unread = await listing.filesOf(org);
    return readOrgFiles(this.#options.reader, unread, isForgotten ? new Map() : this.#known(org));
  }

  #known(org: OrgKey): KnownFiles {
    const state = this.#options.orgs.states.get(org);
    return state === undefined ? this.#options.store.read(org) : knownFiles(state.read);
  }

  /** Undefined where nothing new was found. */
  async #buildOne(
    reading: Reading,
    listing: Listing,
    history: string | undefined,
  ): Promise<OrgState | Error | undefined> {
    const { org, version, isForgotten } = reading;
    const { repository, reader, orgs, now } = this.#options;
    const previous = orgs.states.get(org);
    const read = await reading.read;
    if (read instanceof Error) return read;
    if (!isForgotten && isNothingNew(previous, version, read)) return undefined;
    const { revision } = listing;
    const build = { repository, reader, org, revision, version, read, previous, history, now: now() };
    const state = await asValue(buildOrg(build));
    if (state instanceof Error) return state;
    orgs.swap(state);
    return state;
  }

  async #locate(org: OrgKey): Promise<void> {
    const { reader, orgs } = this.#options;
    const state = orgs.states.get(org);
    if (state === undefined) return;
    const findings = findingsOf(state);
    if (findings.length === 0 && state.positions.size === 0) return;
    orgs.position(org, await locateFindings(reader, findings, state.read.files, state.positions));
  }
}

/** Neither the file nor git has the bytes that were listed: in a work tree they are others by now, and git has lost nothing. */
async function isOvertaken(readings: readonly Reading[]): Promise<boolean> {
  const reads = await Promise.all(readings.map(({ read }) => read));
  return reads.some((read) => !(read instanceof Error) && read.unreadable.length > 0);
}

/** With what was found out about the old state while the write was made. */
function adoptedState(after: OrgState, served: OrgState | undefined, now: number): OrgState {
  const { positions, between } = served ?? after;
  const state = { ...after, positions, between };
  return {
    ...state,
    served: state.served && { ...state.served, loadedAt: now, problems: problemsOf(state) },
  };
}

/** A rejection as a value: many readings run before anybody waits for the first. */
async function asValue<Result>(work: Promise<Result>): Promise<Result | Error> {
  try {
    return await work;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Files that git had lost are tried again and again; only one that is back makes a new state. */
function isNothingNew(previous: OrgState | undefined, version: string, read: OrgFiles): boolean {
  if (previous?.version !== version) return false;
  return previous.read.unreadable.length > 0 && previous.read.unreadable.length === read.unreadable.length;
}
