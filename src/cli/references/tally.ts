import { count } from '../format.js';
import { nearest } from '../nearest.js';
import type { Catalogue, KnownFlag } from './catalogue.js';
import type { Certainty } from './find-keys.js';
import type { Reference, ScannedFile } from './scan.js';

/** How code uses a flag, as far as its text tells: `named` is not more than its key in quotes or among other words. */
export type FlagUse = 'asked' | 'named' | 'unused';

/** What was found of a name. */
export interface NameUses {
  /** How many places there are of each kind. */
  readonly counts: Readonly<Record<Certainty, number>>;
  /** The first of them, at most so many as are kept. */
  readonly places: readonly Reference[];
}

/** So many places of each name are kept, and so many in all; all are counted. */
const PLACES_KEPT = 1_000;
const ALL_PLACES_KEPT = 100_000;
/** So many names that are no flags are kept. */
const UNKNOWN_KEPT = 1_000;

/** A file that was not looked into. */
export type SkippedFile = Pick<Extract<ScannedFile, { readonly kind: 'skipped' }>, 'path' | 'why'>;

interface Counting {
  readonly counts: Record<Certainty, number>;
  readonly places: Reference[];
}

/** What all files come to. Its size is bounded, however much code there is. */
export class Tally {
  readonly #catalogue: Catalogue;
  readonly #byKey = new Map<string, Counting>();
  readonly #unknown = new Map<string, Counting>();
  readonly #nearest = new Map<string, string | undefined>();
  readonly #skipped: SkippedFile[] = [];
  #files = 0;
  #kept = 0;

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  add(file: ScannedFile): void {
    if (file.kind === 'skipped') {
      this.#skipped.push({ path: file.path, why: file.why });
      return;
    }
    this.#files += 1;
    for (const reference of file.references) {
      const { isKnown, key } = reference;
      if (isKnown) this.#count(this.#byKey, reference);
      else if (this.#unknown.has(key) || this.#unknown.size < UNKNOWN_KEPT)
        this.#count(this.#unknown, reference);
    }
  }

  /** How many files were looked into. */
  get files(): number {
    return this.#files;
  }

  get skipped(): readonly SkippedFile[] {
    return this.#skipped;
  }

  /** `12 files read, 3 skipped` */
  get extent(): string {
    const skipped = this.#skipped.length === 0 ? '' : `, ${this.#skipped.length} skipped`;
    return `${count(this.#files, 'file')} read${skipped}`;
  }

  /** Names that code asks for and that no flag has; in the order in which they were found. */
  get unknown(): ReadonlyMap<string, NameUses> {
    return this.#unknown;
  }

  /** What the name may be a slip of. */
  meant(name: string): string | undefined {
    if (!this.#nearest.has(name)) this.#nearest.set(name, nearest(name, this.#catalogue.byKey.keys()));
    return this.#nearest.get(name);
  }

  usesOf(key: string): NameUses {
    return this.#byKey.get(key) ?? NO_USES;
  }

  useOf({ key }: Pick<KnownFlag, 'key'>): FlagUse {
    const { asked, quoted, named } = this.usesOf(key).counts;
    if (asked > 0) return 'asked';
    return quoted + named > 0 ? 'named' : 'unused';
  }

  #count(names: Map<string, Counting>, reference: Reference): void {
    const counting = names.get(reference.key) ?? { counts: { asked: 0, quoted: 0, named: 0 }, places: [] };
    names.set(reference.key, counting);
    counting.counts[reference.certainty] += 1;
    if (counting.places.length >= PLACES_KEPT || this.#kept >= ALL_PLACES_KEPT) return;
    counting.places.push(reference);
    this.#kept += 1;
  }
}

const NO_USES: NameUses = { counts: { asked: 0, quoted: 0, named: 0 }, places: [] };
