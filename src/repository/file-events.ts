import type { FileTimes } from './served.js';

/** What one commit did to one file. */
export interface FileChange {
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'removed';
}

/** What one commit did. */
export interface CommitChanges {
  readonly oid: string;
  /** The committer's time, in seconds since 1970. */
  readonly seconds: number;
  readonly files: readonly FileChange[];
}

/** A commit of the chain, as the history file keeps it. */
export type ChainLink = readonly [oid: string, seconds: number];

const KINDS = ['added', 'changed', 'removed'] as const;
const ADDED = 0;
const REMOVED = 2;

/**
 * What happened to each file along one chain of commits, oldest first. An event is one number, `place * 3 + kind`, so
 * that the chain can be cut anywhere and grow again.
 */
export class FileEvents {
  /** Where the chain ends in a shallow clone. */
  readonly boundary: string;
  readonly #chain: ChainLink[] = [];
  readonly #places = new Map<string, number>();
  readonly #events = new Map<string, number[]>();

  constructor(
    boundary: string,
    chain: readonly ChainLink[] = [],
    events: Iterable<readonly [string, readonly number[]]> = [],
  ) {
    this.boundary = boundary;
    for (const link of chain) this.#append(link);
    for (const [path, list] of events) this.#events.set(path, [...list]);
  }

  get head(): string | undefined {
    return this.#chain.at(-1)?.[0];
  }

  get chain(): readonly ChainLink[] {
    return this.#chain;
  }

  get events(): ReadonlyMap<string, readonly number[]> {
    return this.#events;
  }

  has(oid: string): boolean {
    return this.#places.has(oid);
  }

  /** Created by the last commit that added it; a file that came back is new. Undefined for one that is not there. */
  timesOf(path: string): FileTimes | undefined {
    const events = this.#events.get(path);
    const last = events?.at(-1);
    if (events === undefined || last === undefined || last % KINDS.length === REMOVED) return undefined;
    const added = events.findLast((event) => event % KINDS.length === ADDED) ?? last;
    return { createdAt: this.#timeOf(added), updatedAt: this.#timeOf(last) };
  }

  /** Forgets what came after a commit (everything: undefined) and adds what came instead. */
  replaceAfter(oid: string | undefined, commits: readonly CommitChanges[]): void {
    this.#cut(oid === undefined ? 0 : (this.#places.get(oid) ?? -1) + 1);
    for (const commit of commits) {
      const place = this.#append([commit.oid, commit.seconds]);
      for (const { path, kind } of commit.files) this.#add(path, place * KINDS.length + KINDS.indexOf(kind));
    }
  }

  #append(link: ChainLink): number {
    this.#places.set(link[0], this.#chain.length);
    return this.#chain.push(link) - 1;
  }

  #add(path: string, event: number): void {
    const events = this.#events.get(path);
    if (events === undefined) this.#events.set(path, [event]);
    else events.push(event);
  }

  #cut(length: number): void {
    if (length === this.#chain.length) return;
    for (const [oid] of this.#chain.splice(length)) this.#places.delete(oid);
    for (const [path, events] of this.#events) {
      while ((events.at(-1) ?? -1) >= length * KINDS.length) events.pop();
      if (events.length === 0) this.#events.delete(path);
    }
  }

  #timeOf(event: number): string {
    const seconds = this.#chain[Math.floor(event / KINDS.length)]?.[1] ?? 0;
    return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
  }
}
