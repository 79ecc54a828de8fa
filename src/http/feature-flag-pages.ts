import { BoundedMap } from '../repository/bounded-map.js';
import type { FlagCache } from '../repository/served.js';
import type { View } from './access.js';
import type { FlagPlace } from './flag-place.js';

/** What a page of a list is made of. */
export interface PageQuestion {
  readonly cache: FlagCache;
  readonly places: readonly FlagPlace[];
  readonly view: View;
  /** As it was sent. */
  readonly query: URLSearchParams;
  /** In epoch milliseconds. */
  readonly now: number;
}

interface KnownPage {
  readonly places: readonly FlagPlace[];
  /** The commit whose history is told. */
  readonly head: string | undefined;
  /** In epoch milliseconds. */
  readonly madeAt: number;
  readonly json: string;
}

/** In characters, of all pages together. */
const MOST = 8 * 1024 * 1024;
/** A shallow clone may be deepened, by which times change without a commit. */
const KEEP_MS = 1_000;

/** Pages of lists as JSON, so that a list that is asked for all the time is made once for each version of what it shows. */
export class FlagPages {
  readonly #known = new BoundedMap<string, KnownPage>(MOST, ({ json }) => json.length);

  /** The page as it is known, or as it is made now. */
  find(question: PageQuestion, make: () => object): string {
    const { cache, places, now } = question;
    const name = nameOf(question);
    const { head } = cache.history;
    const known = this.#known.get(name);
    const isGood = known !== undefined && known.head === head && now - known.madeAt < KEEP_MS;
    if (isGood && areSame(known.places, places)) return known.json;
    const json = JSON.stringify(make());
    this.#known.set(name, { places, head, madeAt: now, json });
    return json;
  }
}

function nameOf({ view, places, query }: PageQuestion): string {
  const where = places.map(({ project, environment }) => `${project.org}/${project.key}/${environment}`);
  return `${view} ${where.join(' ')} ${query}`;
}

function areSame(known: readonly FlagPlace[], places: readonly FlagPlace[]): boolean {
  return known.every(({ served }, at) => served.snapshot === places[at]?.served.snapshot);
}
