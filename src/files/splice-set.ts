import { meet, type Splice } from './lines.js';

/** Pieces for one text, of which those of different steps do not meet. */
export class SpliceSet {
  /** By place. */
  readonly #pieces: Splice[] = [];

  get pieces(): readonly Splice[] {
    return this.#pieces;
  }

  /** Takes the pieces of a step, or none where one meets one that is here already; true where it did. */
  add(pieces: readonly Splice[]): boolean {
    if (!pieces.every((piece) => this.#isFree(piece))) return false;
    for (const piece of pieces) this.#pieces.splice(this.#placeOf(piece), 0, piece);
    return true;
  }

  /** As those here do not meet, only the neighbours can. */
  #isFree(piece: Splice): boolean {
    const place = this.#placeOf(piece);
    return [place - 1, place].every((at) => {
      const other = this.#pieces[at];
      return other === undefined || !meet(piece, other);
    });
  }

  #placeOf({ from }: Splice): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#pieces[middle]?.from ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
