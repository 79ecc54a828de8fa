import type { Pointer } from '../model/problem.js';
import { splicesOf } from './edit-splices.js';
import type { ItemStep } from './edit-steps.js';
import { SpliceSet } from './splice-set.js';
import { collectionAt, type Source, spliced } from './yaml-source.js';

/**
 * Makes and removes items of lists, one after the other, in a text that is read again only where two steps meet in it:
 * reading is most of what an edit costs.
 */
export class ItemSteps {
  #source: Source;
  #splices = new SpliceSet();
  /** Of the lists that are different by now: where each item stands in the text; undefined is one that is new. */
  readonly #places = new Map<string, (number | undefined)[]>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** The text with all steps done. */
  done(): Source {
    const { pieces } = this.#splices;
    if (pieces.length > 0) this.#source = spliced(this.#source, pieces);
    this.#splices = new SpliceSet();
    this.#places.clear();
    return this.#source;
  }

  /** One more step. Its place is one in the value as the steps so far leave it. */
  take(step: ItemStep): void {
    if (this.#collect(step)) return;
    this.done();
    if (!this.#collect(step)) throw new Error(`nothing at /${[...step.at, step.index].join('/')}`);
  }

  /** False where the text has to be read again first. */
  #collect(step: ItemStep): boolean {
    const at = this.#inText(step.at);
    if (at === undefined) return false;
    const key = JSON.stringify(at);
    const places = this.#places.get(key) ?? [...collectionAt(this.#source, at).items.keys()];
    const index = places[step.index];
    if (index === undefined || (step.kind === 'drop' && this.#places.has(key) && countOld(places) < 2)) {
      return false;
    }
    if (!this.#splices.add(splicesOf(this.#source, { ...step, at, index }))) return false;
    if (step.kind === 'drop') places.splice(step.index, 1);
    else places.splice(step.index, 0, ...step.values.map(() => undefined));
    this.#places.set(key, places);
    return true;
  }

  /** The same place in the text; undefined where it is below something new. */
  #inText(at: Pointer): Pointer | undefined {
    const found: (string | number)[] = [];
    for (const step of at) {
      const places = this.#places.get(JSON.stringify(found));
      const place = places === undefined ? step : places[Number(step)];
      if (place === undefined) return undefined;
      found.push(place);
    }
    return found;
  }
}

function countOld(places: readonly (number | undefined)[]): number {
  return places.filter((place) => place !== undefined).length;
}
