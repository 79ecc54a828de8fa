import type { Sample } from '../../changes/impact/impact.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { contextsText } from './told.js';
import type { KnownNames } from './unknown-names.js';

/** So many names that nobody knows are told. */
const MOST_NAMED = 5;

const NOWHERE = {
  environment: 'in environments that no project has',
  project: 'in projects that no organization has',
  org: 'in organizations that are not there',
} as const;

/** Contexts that were asked where nothing is: most likely somebody wrote a name wrongly. */
export class Strangers {
  readonly #kinds: readonly StrangersOfKind[];
  #contexts = 0;

  constructor(known: KnownNames) {
    this.#kinds = (['environment', 'project', 'org'] as const).map(
      (kind) => new StrangersOfKind(kind, known[kind]),
    );
  }

  get contexts(): number {
    return this.#contexts;
  }

  /** True where the sample is one of them; it is counted then. */
  isNoted(sample: Sample): boolean {
    const kinds = this.#kinds.filter((kind) => kind.isNoted(sample));
    if (kinds.length > 0) this.#contexts += sample.count;
    return kinds.length > 0;
  }

  report(around: Surroundings): void {
    for (const kind of this.#kinds) kind.report(around);
  }
}

class StrangersOfKind {
  readonly #kind: keyof KnownNames;
  readonly #known: ReadonlySet<string>;
  readonly #named = new Set<string>();
  #contexts = 0;

  constructor(kind: keyof KnownNames, known: ReadonlySet<string>) {
    this.#kind = kind;
    this.#known = known;
  }

  isNoted({ [this.#kind]: name, count }: Sample): boolean {
    if (name === undefined || this.#known.has(name)) return false;
    this.#contexts += count;
    if (this.#named.size < MOST_NAMED) this.#named.add(name);
    return true;
  }

  report(around: Surroundings): void {
    if (this.#contexts === 0) return;
    const names = [...this.#named].join(', ');
    around.warn(
      shownLine(`flagstaff: ${contextsText(this.#contexts)} asked ${NOWHERE[this.#kind]}: ${names}`),
    );
  }
}
