import { changedEnvironments } from '../changes/changed-environments.js';
import type { EnvironmentChange } from '../changes/environment-change.js';
import type { FlagCache, ServedOrg } from './served.js';

/** An organization that is served in another version than before. */
export interface ToldChange {
  /** The commit, as `org` has it. */
  readonly revision: string;
  /** What is served by now. */
  readonly org: ServedOrg;
  /** What was told before; undefined for an organization that is new here. */
  readonly before: ServedOrg | undefined;
  /** Empty where only something else changed: names, people, keys, tests. */
  readonly changes: readonly EnvironmentChange[];
}

/** Tells where flags may answer otherwise from now on. */
export interface FlagEvents {
  /** Calls back after the new version serves; swaps that follow each other at once are one. Returns how to stop that. */
  onChange(listener: (told: ToldChange) => void): () => void;
  /** Tells nothing more. */
  close(): void;
}

/** Follows what a cache serves from now on. */
export function openFlagEvents(cache: FlagCache): FlagEvents {
  return new SwapEvents(cache);
}

class SwapEvents implements FlagEvents {
  readonly #cache: FlagCache;
  /** By organization, what was told last. */
  readonly #told: Map<string, ServedOrg>;
  readonly #swapped = new Set<string>();
  readonly #listeners = new Set<(told: ToldChange) => void>();
  readonly #stops: readonly (() => void)[];
  #turn: NodeJS.Immediate | undefined;

  constructor(cache: FlagCache) {
    this.#cache = cache;
    this.#told = new Map(cache.orgs);
    this.#stops = [
      cache.onSwap(({ snapshot }) => this.#note(snapshot.key)),
      cache.onGone((org) => this.#told.delete(org)),
    ];
  }

  onChange(listener: (told: ToldChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    clearImmediate(this.#turn);
    this.#listeners.clear();
  }

  /** In the next turn of the event loop the cache has taken note of the commit too, and a swap costs its build nothing. */
  #note(org: string): void {
    this.#swapped.add(org);
    this.#turn ??= setImmediate(() => this.#tellSwapped());
  }

  #tellSwapped(): void {
    this.#turn = undefined;
    const swapped = [...this.#swapped];
    this.#swapped.clear();
    for (const org of swapped) this.#tell(org);
  }

  #tell(key: string): void {
    const org = this.#cache.orgs.get(key);
    if (org === undefined) return;
    const before = this.#told.get(key);
    this.#told.set(key, org);
    if (before?.snapshot === org.snapshot) return;
    const changes = changedEnvironments(before?.snapshot, org.snapshot);
    for (const listener of this.#listeners) listener({ revision: org.revision, org, before, changes });
  }
}
