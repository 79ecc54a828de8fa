import type { Commit } from './commit.js';
import type { HistoryCommit, TouchQuery } from './commit-history.js';
import { messageParts, ownText } from './commit-message.js';
import { timeOf } from './commit-time.js';
import { type FileChange, FileEvents, type FileStep } from './file-events.js';
import type { Identity } from './identity.js';
import type { FileTimes } from './served.js';

/** A commit of the chain, with what it left at each path below `flags/` that it touched. */
export interface WalkedCommit {
  readonly commit: HistoryCommit;
  readonly changes: readonly FileChange[];
}

/** One chain of commits, oldest first, with what each did below `flags/`. Every look-up is in memory. */
export class HistoryIndex {
  /** Where the chain ends in a shallow clone. */
  readonly boundary: string;
  /** The commits at which a shallow clone ends. */
  readonly ends: ReadonlySet<string>;
  readonly events = new FileEvents();
  readonly #chain: HistoryCommit[] = [];
  readonly #places = new Map<string, number>();
  readonly #merges: number[] = [];
  /** By name and address. Few people make many commits. */
  readonly #authors = new Map<string, Identity>();
  /** By their names. Most commits touch one. */
  readonly #orgs = new Map<string, readonly string[]>();
  #cuts = 0;
  #lost: string | undefined;

  constructor(boundary: string) {
    this.boundary = boundary;
    this.ends = new Set(boundary.split('\n'));
  }

  get head(): string | undefined {
    return this.#chain.at(-1)?.oid;
  }

  /** Oldest first. */
  get chain(): readonly HistoryCommit[] {
    return this.#chain;
  }

  /** The places of the merges, in order. */
  get merges(): readonly number[] {
    return this.#merges;
  }

  get authors(): readonly Identity[] {
    return [...this.#authors.values()];
  }

  /** How often commits were forgotten. */
  get cuts(): number {
    return this.#cuts;
  }

  /** An object that could not be read: what is told may be wrong as long as that is so. */
  get lost(): string | undefined {
    return this.#lost;
  }

  /** True where the parent of the oldest commit is not there: what that one did is not known. */
  get isCutOff(): boolean {
    const [first] = this.#chain;
    return first !== undefined && (this.#lost !== undefined || this.ends.has(first.oid));
  }

  /** True for the oldest commit where history is cut off before it. */
  isCutOffAt(place: number): boolean {
    return place === 0 && this.isCutOff;
  }

  noteLost(oid: string): void {
    this.#lost = oid;
  }

  has(oid: string): boolean {
    return this.#places.has(oid);
  }

  /** The commit's place in the chain, or undefined where it is none of it. */
  placeOf(oid: string): number | undefined {
    return this.#places.get(oid);
  }

  /** Forgets what came after a commit (everything: undefined). */
  cutAfter(oid: string | undefined): void {
    const length = oid === undefined ? 0 : (this.#places.get(oid) ?? -1) + 1;
    if (length === this.#chain.length) return;
    for (const commit of this.#chain.splice(length)) this.#places.delete(commit.oid);
    while ((this.#merges.at(-1) ?? -1) >= length) this.#merges.pop();
    this.events.cut(length);
    this.#cuts += 1;
  }

  append({ commit, changes }: WalkedCommit): void {
    this.appendCommit(commit);
    this.events.append(changes);
  }

  /** The caller appends its events. */
  appendCommit(commit: HistoryCommit): void {
    this.#places.set(commit.oid, this.#chain.length);
    if (commit.mergedParents.length > 0) this.#merges.push(this.#chain.length);
    this.#chain.push({
      ...commit,
      author: this.#interned(commit.author),
      orgs: this.#internedOrgs(commit.orgs),
    });
  }

  /** Up to a commit of the chain, or up to its head. */
  timesOf(path: string, oid: string | undefined = this.head): FileTimes | undefined {
    const ends = this.#endsOf(path, this.#places.get(oid ?? ''));
    return ends && { createdAt: timeOf(ends.created.seconds), updatedAt: timeOf(ends.updated.seconds) };
  }

  authorsOf(path: string): { readonly created: HistoryCommit; readonly updated: HistoryCommit } | undefined {
    return this.#endsOf(path, this.#chain.length);
  }

  lastChange(path: string): HistoryCommit | undefined {
    const last = this.events.lastOf(path);
    return last && this.#chain[last.place];
  }

  /** The newest commit that is not younger; git's own `--before` answers the same where clocks went wrong. */
  commitAt(seconds: number): string | undefined {
    return this.#chain.findLast((commit) => commit.seconds <= seconds)?.oid;
  }

  laterThan(oid: string, path: string): readonly HistoryCommit[] {
    const place = this.#places.get(oid);
    if (place === undefined) return [];
    const later = this.events.placesUnder(path).filter((other) => other > place);
    return later.reverse().flatMap((other) => this.#chain[other] ?? []);
  }

  lastTouch({ upTo, after, under }: TouchQuery): HistoryCommit | undefined {
    const newest = this.#places.get(upTo) ?? -1;
    const oldest = after === undefined ? 0 : (this.#places.get(after) ?? newest) + 1;
    const place = this.placesUnder(under, undefined).find((other) => other <= newest);
    return place === undefined || place < oldest ? undefined : this.#chain[place];
  }

  before(oid: string): HistoryCommit | undefined {
    return this.#chain[(this.#places.get(oid) ?? 0) - 1];
  }

  /** The places of the commits that touched one of these paths or folders, newest first. */
  placesUnder(under: readonly string[], email: string | undefined): readonly number[] {
    const [first, ...others] = under;
    if (first === undefined) return [];
    const places = others.length === 0 ? [...this.events.placesUnder(first)].reverse() : this.#union(under);
    if (email === undefined) return places;
    const wanted = email.toLowerCase();
    const authors = new Set(this.authors.filter((author) => author.email.toLowerCase() === wanted));
    return places.filter((place) => authors.has(this.#chain[place]?.author ?? NOBODY));
  }

  /** What a commit did at these paths and in these folders, in order of the paths. */
  stepsAt(place: number, under: readonly string[]): readonly FileStep[] {
    if (under.every((path) => !path.endsWith('/'))) {
      const paths = [...new Set(under)].sort();
      return paths.flatMap((path) => this.events.atPath(place, path) ?? []);
    }
    return this.events.at(place).filter(({ path }) => isUnder(path, under));
  }

  /** Marks are quicker than merging: a mark for each commit, whatever the number of folders. */
  #union(under: readonly string[]): readonly number[] {
    const marks = new Uint8Array(this.#chain.length);
    for (const path of under) for (const place of this.events.placesUnder(path)) marks[place] = 1;
    const places: number[] = [];
    for (
      let place = marks.lastIndexOf(1);
      place >= 0;
      place = place === 0 ? -1 : marks.lastIndexOf(1, place - 1)
    )
      places.push(place);
    return places;
  }

  #endsOf(
    path: string,
    upTo: number | undefined,
  ): { readonly created: HistoryCommit; readonly updated: HistoryCommit } | undefined {
    const life = upTo === undefined ? undefined : this.events.lifeOf(path, upTo);
    const [created, updated] =
      life === undefined ? [] : [this.#chain[life.created], this.#chain[life.updated]];
    return created && updated && { created, updated };
  }

  #interned(author: Identity): Identity {
    const key = `${author.name}\n${author.email}`;
    const known = this.#authors.get(key);
    if (known === undefined) this.#authors.set(key, author);
    return known ?? author;
  }

  #internedOrgs(orgs: readonly string[]): readonly string[] {
    const key = orgs.join('/');
    const known = this.#orgs.get(key);
    if (known === undefined) this.#orgs.set(key, orgs);
    return known ?? orgs;
  }
}

const NO_PARENTS: readonly string[] = [];
const NOBODY: Identity = { name: '', email: '' };

/** True for one of these files, and for what is in one of these folders. */
export function isUnder(path: string, under: readonly string[]): boolean {
  return under.some((wanted) => (wanted.endsWith('/') ? path.startsWith(wanted) : path === wanted));
}

/** The organizations to which these files belong, in order of the keys. */
export function orgsOf(paths: Iterable<string>): readonly string[] {
  const orgs = new Set<string>();
  for (const path of paths) {
    const [, org, file] = path.split('/', 3);
    if (org !== undefined && file !== undefined) orgs.add(org);
  }
  return [...orgs].sort().map(ownText);
}

/** What the index keeps of a commit that touched these files below `flags/`. */
export function historyCommit(
  { oid, parents, author, committer, message }: Commit,
  touched: readonly { readonly path: string }[],
): HistoryCommit {
  const by = { name: ownText(author.name), email: ownText(author.email) };
  const mergedParents = parents.length < 2 ? NO_PARENTS : parents.slice(1).map(ownText);
  return {
    oid: ownText(oid),
    author: by,
    seconds: committer.seconds,
    mergedParents,
    orgs: orgsOf(touched.map(({ path }) => path)),
    ...messageParts(message),
  };
}
