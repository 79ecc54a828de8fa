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

  constructor(known: KnownNames) {
    this.#kinds = (['environment', 'project', 'org'] as const).map(
      (kind) => new StrangersOfKind(kind, known[kind]),
    );
  }

  note(sample: Sample): void {
    for (const kind of this.#kinds) kind.note(sample);
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

  note({ [this.#kind]: name, count }: Sample): void {
    if (name === undefined || this.#known.has(name)) return;
    this.#contexts += count;
    if (this.#named.size < MOST_NAMED) this.#named.add(name);
  }

  report(around: Surroundings): void {
    if (this.#contexts === 0) return;
    const names = [...this.#named].join(', ');
    around.warn(
      shownLine(`flagstaff: ${contextsText(this.#contexts)} asked ${NOWHERE[this.#kind]}: ${names}`),
    );
  }
}
