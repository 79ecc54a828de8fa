import { BoundedMap } from '../repository/bounded-map.js';
import type { View } from './access.js';
import type { FlagPlace } from './flag-place.js';

/** What a page of a list is made of. */
export interface PageQuestion {
  /** The commit whose history is told. */
  readonly head: string | undefined;
  readonly places: readonly FlagPlace[];
  readonly view: View;
  /** As it was sent. */
  readonly query: URLSearchParams;
  /** In epoch milliseconds. */
  readonly now: number;
}

interface KnownPage {
  readonly places: readonly FlagPlace[];
  readonly head: string | undefined;
  /** In epoch milliseconds. */
  readonly madeAt: number;
  readonly json: string;
}

/** Of all pages together, in characters: their JSON, and what each is known by. */
const MOST = 8 * 1024 * 1024;
/** About what a page and each of its places take besides, in characters. */
const PAGE_WEIGHT = 200;
const PLACE_WEIGHT = 50;
/** A shallow clone may be deepened, by which times change without a commit. */
const KEEP_MS = 1_000;

/** Pages of lists as JSON, so that a list that is asked for all the time is made once for each version of what it shows. */
export class FlagPages {
  readonly #known = new BoundedMap<string, KnownPage>(MOST, weightOf);

  /** The page as it is known, or as it is made now. */
  find(question: PageQuestion, make: () => object): string {
    const { head, places, now } = question;
    const name = nameOf(question);
    const known = this.#known.get(name);
    const isGood = known !== undefined && known.head === head && isFresh(known, now);
    if (isGood && areSame(known.places, places)) return known.json;
    this.#forgetOld(now);
    const json = JSON.stringify(make());
    this.#known.set(name, { places, head, madeAt: now, json });
    return json;
  }

  /** A page that is kept keeps the version of the flags that it shows. */
  #forgetOld(now: number): void {
    for (const [name, page] of this.#known.entries()) {
      if (isFresh(page, now)) return;
      this.#known.delete(name);
    }
  }
}

function weightOf({ json, places }: KnownPage, name: string): number {
  return name.length + json.length + PAGE_WEIGHT + places.length * PLACE_WEIGHT;
}

function isFresh({ madeAt }: KnownPage, now: number): boolean {
  return now - madeAt < KEEP_MS;
}

function nameOf({ view, places, query }: PageQuestion): string {
  const where = places.map(({ project, environment }) => `${project.org}/${project.key}/${environment}`);
  return `${view} ${where.join(' ')} ${query}`;
}

function areSame(known: readonly FlagPlace[], places: readonly FlagPlace[]): boolean {
  return known.every(({ served }, at) => served.snapshot === places[at]?.served.snapshot);
}
