import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { codeOf, createAnew, type Disk, machineDisk } from '../disk.js';
import type { GitRepository } from '../git.js';
import { allInTurns, inTurns } from '../slices.js';
import { ensureStateFolder } from '../state-folder.js';
import type { WriteRequest } from '../write-request.js';
import {
  heldChange,
  type LostRecord,
  type PendingRecord,
  pendingChange,
  type Remade,
  readRecord,
  recordBytes,
  withCommit,
} from './pending-file.js';
import type { LostChange, PendingChange, RemoteRef } from './remote.js';

/** A write that is about to be committed without the remote. */
export interface NewPending {
  readonly commit: string;
  /** The first line of the commit's message. */
  readonly subject: string;
  readonly request: WriteRequest;
  /** When it was written, in seconds since 1970. */
  readonly seconds: number;
  /** The newest commit of the remote that is known. */
  readonly tip: string | undefined;
}

/** What a pending store needs. */
export interface PendingStoreOptions {
  readonly repository: Pick<GitRepository, 'stateDir'>;
  /** What is followed: what is pending for another one is held, and not made here. */
  readonly remote: RemoteRef;
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly disk?: Disk;
}

/** The most lost changes that are kept; the oldest go first. */
const LOST_KEPT = 100;
/** The ends of names: of a write that is not committed yet, and may never be, of any other, and of a file that takes its place. */
const NEW = '.new';
const KEPT = '.json';
const REPLACING = '.tmp';

/** Reads what is pending and what was lost. Somebody else may be writing it: nothing is changed before `reload`. */
export function openPendingStore(options: PendingStoreOptions): PendingStore {
  return new PendingStore(options);
}

/**
 * The acknowledged changes that the remote does not have: a file each below `<stateDir>/pending`, which is on disk before
 * its commit is the branch's. A file that the commit did not follow is of no write: `settleNew` tells them apart.
 */
export class PendingStore {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #lostFolder: string;
  readonly #now: () => number;
  readonly #remote: RemoteRef;
  readonly #records = new Map<string, PendingRecord>();
  /** Those that another remote, or another branch of it, does not have. */
  readonly #held = new Map<string, PendingRecord>();
  readonly #new = new Map<string, PendingRecord>();
  readonly #lost = new Map<string, LostRecord>();
  /** What the disk would not take away. */
  readonly #leftovers = new Set<string>();
  #lastNumber = 0;

  constructor({ repository, remote, now, disk = machineDisk }: PendingStoreOptions) {
    this.#disk = disk;
    this.#now = now;
    this.#remote = remote;
    this.#folder = ensureStateFolder(repository, 'pending');
    this.#lostFolder = ensureStateFolder(repository, 'pending', 'lost');
    this.#load();
  }

  /** The oldest first. */
  get pending(): readonly PendingChange[] {
    return this.records.map(pendingChange);
  }

  /** How many are pending. */
  get count(): number {
    return this.#records.size;
  }

  /** The newest first; and before them those that are held. */
  get lost(): readonly LostChange[] {
    return [...this.held.map((record) => heldChange(record, this.#remote)), ...this.#newestLost];
  }

  /** What was acknowledged for something else than what is followed, the oldest first: nothing is made of it here. */
  get held(): readonly PendingRecord[] {
    return [...this.#held.values()].sort((one, other) => one.number - other.number);
  }

  /** One that is pending still is lost once the branch has moved. */
  get #newestLost(): readonly LostRecord[] {
    return [...this.#lost.values()]
      .filter(({ id }) => !this.#records.has(id))
      .sort((one, other) => other.lostAt - one.lostAt || other.number - one.number);
  }

  /** All that it takes to make them again, the oldest first. */
  get records(): readonly PendingRecord[] {
    return [...this.#records.values()].sort((one, other) => one.number - other.number);
  }

  /** Those that a crash left before it was known whether they are committed. */
  get unsettled(): readonly PendingRecord[] {
    return [...this.#new.values()];
  }

  isLost(id: string): boolean {
    return this.#lost.has(id);
  }

  /** Takes a lost change off the list, or one that is held; false where there is none of that id. */
  async forget(id: string): Promise<boolean> {
    if (this.#held.has(id)) {
      await this.drop([id]);
      return true;
    }
    if (!this.#lost.delete(id)) return false;
    this.#remove(join(this.#lostFolder, `${id}${KEPT}`));
    return true;
  }

  /** Has them on disk when it fulfils, and gives their ids; they are pending once they are confirmed. */
  async prepare(writes: readonly NewPending[]): Promise<readonly string[]> {
    const since = this.#now();
    const records = writes.map(({ commit, ...write }): PendingRecord => {
      this.#lastNumber += 1;
      const id = randomBytes(8).toString('hex');
      return { ...write, id, number: this.#lastNumber, remote: this.#remote, commits: [commit], since };
    });
    const ids = records.map(({ id }) => id);
    for (const record of records) this.#new.set(record.id, record);
    try {
      await allInTurns(records, (record) => this.#create(record));
      await this.#disk.sync(this.#folder);
    } catch (error) {
      this.discard(ids);
      throw error;
    }
    return ids;
  }

  /** Their commits are the branch's: from now on they are pending. */
  confirm(ids: readonly string[]): void {
    for (const id of ids) {
      const record = this.#new.get(id);
      if (record === undefined) continue;
      this.#new.delete(id);
      this.#keep(record);
      this.#rename(id);
    }
  }

  /** They were never committed. */
  discard(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#new.delete(id)) this.#remove(join(this.#folder, `${id}${NEW}`));
    }
  }

  /** After a start: those whose commit is the branch's are pending, the others never were. */
  settleNew(isCommitted: (commit: string) => boolean): void {
    const all = [...this.#new.values()];
    const committed = all.filter(({ commits }) => commits.some(isCommitted)).map(({ id }) => id);
    this.confirm(committed);
    this.discard(all.map(({ id }) => id));
  }

  /** Notes, durably, that they are about to be other commits; of the former ones the branch has these. */
  async moveTo(remade: ReadonlyMap<string, Remade>, isHere: (commit: string) => boolean): Promise<void> {
    const records = [...remade].flatMap(([id, { commit, part }]) => {
      const record = this.#records.get(id);
      return record === undefined ? [] : [withCommit({ ...record, ...part }, commit, isHere)];
    });
    if (records.length === 0) return;
    await allInTurns(records, (record) => this.#replace(this.#folder, record));
    await this.#disk.sync(this.#folder);
    for (const record of records) this.#records.set(record.id, record);
  }

  /** Notes, durably, that they cannot be made again. They stay pending until they are dropped. */
  async lose(changes: readonly LostRecord[]): Promise<void> {
    if (changes.length === 0) return;
    await allInTurns(changes, (lost) => this.#replace(this.#lostFolder, lost));
    await this.#disk.sync(this.#lostFolder);
    for (const lost of changes) this.#lost.set(lost.id, lost);
  }

  /** They are pending no more: the remote has them, or they are lost. */
  async drop(ids: readonly string[]): Promise<void> {
    for (const path of this.#leftovers) this.#remove(path);
    const dropped = ids.filter((id) => this.#records.delete(id) || this.#held.delete(id));
    for await (const id of inTurns(dropped)) {
      for (const end of [KEPT, NEW]) this.#remove(join(this.#folder, id + end));
    }
    for (const { id } of this.#newestLost.slice(LOST_KEPT)) await this.forget(id);
  }

  /** To be called by who has become the only one to write here: what others have written counts, and what they left half goes. */
  reload(): void {
    for (const kept of [this.#records, this.#held, this.#new, this.#lost]) kept.clear();
    for (const folder of [this.#folder, this.#lostFolder]) {
      for (const name of this.#disk.list(folder)) {
        const path = join(folder, name);
        const isHalf = name.endsWith(NEW) && readRecord(this.#disk, path) === undefined;
        if (isHalf || name.endsWith(REPLACING)) this.#remove(path);
      }
    }
    this.#load();
    for (const id of this.#new.keys()) {
      if (this.#records.has(id) || this.#held.has(id)) this.discard([id]);
    }
  }

  #load(): void {
    for (const lost of this.#read<LostRecord>(this.#lostFolder, KEPT)) this.#lost.set(lost.id, lost);
    for (const record of this.#read<PendingRecord>(this.#folder, KEPT)) this.#keep(record);
    for (const record of this.#read<PendingRecord>(this.#folder, NEW)) this.#new.set(record.id, record);
    const all = [this.#records, this.#held, this.#new, this.#lost].flatMap((kept) => [...kept.values()]);
    this.#lastNumber = Math.max(this.#lastNumber, ...all.map(({ number }) => number));
  }

  #keep(record: PendingRecord): void {
    const { url, ref } = this.#remote;
    const isFollowed = record.remote.url === url && record.remote.ref === ref;
    (isFollowed ? this.#records : this.#held).set(record.id, record);
  }

  #read<Content extends PendingRecord | LostRecord>(folder: string, end: string): readonly Content[] {
    return this.#disk.list(folder).flatMap((name) => {
      if (!name.endsWith(end)) return [];
      return readRecord<Content>(this.#disk, join(folder, name)) ?? [];
    });
  }

  async #create(record: PendingRecord): Promise<void> {
    await createAnew(this.#disk, join(this.#folder, record.id + NEW), { bytes: recordBytes(record) });
  }

  async #replace(folder: string, record: PendingRecord | LostRecord): Promise<void> {
    const path = join(folder, record.id + KEPT);
    await createAnew(this.#disk, path + REPLACING, { bytes: recordBytes(record) });
    this.#disk.rename(path + REPLACING, path);
  }

  /** The name only says what the branch says too, so the old one may stay. */
  #rename(id: string): void {
    try {
      this.#disk.rename(join(this.#folder, id + NEW), join(this.#folder, id + KEPT));
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
    }
  }

  /** What stays is seen to be over at the next start, or goes with the next that is dropped. */
  #remove(path: string): void {
    try {
      this.#disk.remove(path);
      this.#leftovers.delete(path);
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      this.#leftovers.add(path);
    }
  }
}
