import { chooseDefaultOrg } from '../files/config.js';
import type { ConfigFile } from '../model/config.js';
import type { OrgKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import { type OrgState, problemsOf } from './org-build.js';
import type { OrgVersions } from './org-folders.js';
import type { FindingPositions } from './positions.js';
import type { ServedOrg } from './served.js';

/** The organizations that are served now. Each is swapped whole; between two swaps nothing changes. */
export class ServedOrgs {
  readonly #states = new Map<OrgKey, OrgState>();
  readonly #listeners = new Set<(org: ServedOrg) => void>();
  readonly #goneListeners = new Set<(org: string) => void>();
  #byKey: ReadonlyMap<string, ServedOrg> = new Map();
  #byId: ReadonlyMap<string, ServedOrg> = new Map();
  #config: ConfigFile | undefined;
  #defaultOrg: ServedOrg | undefined;

  /** By key, in order of the keys. */
  get byKey(): ReadonlyMap<string, ServedOrg> {
    return this.#byKey;
  }

  get states(): ReadonlyMap<OrgKey, OrgState> {
    return this.#states;
  }

  /** By organization, the version that its state was built from. */
  get versions(): OrgVersions {
    return new Map([...this.#states].map(([org, { version }]) => [org, version]));
  }

  /** The organization of callers who name none, chosen at each swap: it is asked for at each evaluation. */
  get defaultOrg(): ServedOrg | undefined {
    return this.#defaultOrg;
  }

  /** The problems of organizations of which nothing can be served. */
  get unservedProblems(): readonly Problem[] {
    const unserved = [...this.#states.values()].filter((state) => state.served === undefined);
    return unserved.flatMap((state) => problemsOf(state));
  }

  find(keyOrId: string): ServedOrg | undefined {
    return this.#byKey.get(keyOrId) ?? this.#byId.get(keyOrId);
  }

  /** Serves this from now on, and tells those who listen. */
  swap(state: OrgState): void {
    this.#states.set(state.org, state);
    this.#index();
    if (state.served !== undefined) for (const listener of this.#listeners) listener(state.served);
  }

  /** The same content, known to be that of another commit too. */
  advance(revision: string, version: (org: OrgKey) => string | undefined): void {
    for (const [org, state] of this.#states) {
      if (state.served === undefined || state.version !== version(org)) continue;
      if (state.served.revision === revision) continue;
      this.#states.set(org, { ...state, served: { ...state.served, revision } });
    }
    this.#index();
  }

  /** Problems have their lines now. That is no swap. */
  position(org: OrgKey, positions: FindingPositions): void {
    const state = this.#states.get(org);
    if (state === undefined) return;
    const located = { ...state, positions };
    const served = state.served && { ...state.served, problems: problemsOf(located) };
    this.#states.set(org, { ...located, served });
    this.#index();
  }

  /** Forgets the organizations that are no more. */
  keepOnly(isThere: (org: OrgKey) => boolean): readonly OrgKey[] {
    const gone = [...this.#states.keys()].filter((org) => !isThere(org));
    for (const org of gone) this.#states.delete(org);
    if (gone.length > 0) this.#index();
    return gone;
  }

  /** The settings choose the default organization. */
  configure(config: ConfigFile): void {
    this.#config = config;
    this.#index();
  }

  onSwap(listener: (org: ServedOrg) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Calls back with the key of each organization that is served no more; returns how to stop that. */
  onGone(listener: (org: string) => void): () => void {
    this.#goneListeners.add(listener);
    return () => void this.#goneListeners.delete(listener);
  }

  #index(): void {
    const before = this.#byKey;
    const served = [...this.#states.values()].flatMap((state) => state.served ?? []);
    served.sort((one, other) => (one.snapshot.key < other.snapshot.key ? -1 : 1));
    this.#byKey = new Map(served.map((org) => [org.snapshot.key, org]));
    // Where two have one id it is a problem, and the first by key keeps it.
    this.#byId = new Map(served.toReversed().map((org) => [org.snapshot.id, org]));
    const keys = served.map((org) => org.snapshot.key);
    this.#defaultOrg = this.#byKey.get(chooseDefaultOrg(this.#config, keys) ?? '');
    const gone = [...before.keys()].filter((org) => !this.#byKey.has(org));
    for (const org of gone) for (const listener of this.#goneListeners) listener(org);
  }
}
