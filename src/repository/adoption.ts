import type { OrgKey } from '../model/keys.js';
import type { OrgState } from './org-build.js';
import type { FlagCache } from './served.js';
import type { ReadSettings } from './settings.js';

/** What writes make of what is served: it was judged and compiled before it was committed, so it need not be again. */
export interface Adoption {
  /** The commit that all of it was made from. */
  readonly base: string;
  /** The commit that it is now. */
  readonly commit: string;
  readonly orgs: readonly AdoptedOrg[];
}

/** One organization of it. */
export interface AdoptedOrg {
  /** What it was made from, as the cache had it. */
  readonly before: OrgState;
  readonly after: OrgState;
}

/** A cache that a writer writes through. */
export interface WritableCache extends FlagCache {
  /** What is kept of each organization: of exactly the folder that its version names. */
  readonly states: ReadonlyMap<OrgKey, OrgState>;
  /** Those that are served; undefined before the first load. */
  readonly settings: ReadSettings | undefined;
  /**
   * Tells of the commit that a write is about to make and to have adopted, undefined once it has ended: a watcher that
   * sees it meanwhile would load what the write has loaded already, and serve it before it is flushed.
   */
  expect(commit: string | undefined): void;
  /**
   * Serves what was judged, and fulfils when it is served and its times are known. False where the head is not that
   * commit, or what is served is not what it was made from: then only a refresh tells.
   */
  adopt(adoption: Adoption): Promise<boolean>;
}
