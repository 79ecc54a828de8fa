import type { Sample } from '../../changes/impact/impact.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { contextsText } from './told.js';
import type { KnownNames, Place } from './unknown-names.js';

/** So many names that nobody knows are told. */
const MOST_NAMED = 5;

const NOWHERE = {
  environment: 'in environments that no project has',
  project: 'in projects that no organization has',
  org: 'in organizations that are not there',
  together: 'where nothing is',
} as const;

const NAMES = ['environment', 'project', 'org'] as const;

/** Contexts that were asked where nothing is: most likely somebody wrote a name wrongly. */
export class Strangers {
  readonly #known: KnownNames;
  readonly #places: ReadonlySet<string>;
  readonly #kinds = {
    environment: new StrangersOfKind('environment'),
    project: new StrangersOfKind('project'),
    org: new StrangersOfKind('org'),
    together: new StrangersOfKind('together'),
  } as const;
  #contexts = 0;

  constructor(known: KnownNames) {
    this.#known = known;
    this.#places = new Set(known.places.flatMap(waysToName));
  }

  get contexts(): number {
    return this.#contexts;
  }

  /** True where the sample is one of them; it is counted then. */
  isNoted(sample: Sample): boolean {
    const isNoted = this.#isNameNoted(sample) || this.#isPlaceNoted(sample);
    if (isNoted) this.#contexts += sample.count;
    return isNoted;
  }

  report(around: Surroundings): void {
    for (const kind of Object.values(this.#kinds)) kind.report(around);
  }

  #isNameNoted(sample: Sample): boolean {
    let isNoted = false;
    for (const kind of NAMES) {
      const name = sample[kind];
      if (name === undefined || this.#known[kind].has(name)) continue;
      this.#kinds[kind].note(name, sample.count);
      isNoted = true;
    }
    return isNoted;
  }

  /** Each name may be known, and no project of all these names: another organization has it, or another environment. */
  #isPlaceNoted(sample: Sample): boolean {
    const { org, project, environment, count } = sample;
    if (org === undefined && project === undefined && environment === undefined) return false;
    const place = placeText(sample);
    if (this.#places.has(place)) return false;
    this.#kinds.together.note(place, count);
    return true;
  }
}

/** What is not named; no key is called so. */
const ANY = '*';

function placeText({ org = ANY, project = ANY, environment = ANY }: Partial<Place>): string {
  return `${org}/${project}/${environment}`;
}

/** All that a context may say of where it was asked in this place. */
function waysToName({ org, project, environment }: Place): readonly string[] {
  return [org, ANY].flatMap((wide) =>
    [project, ANY].flatMap((middle) => [`${wide}/${middle}/${environment}`, `${wide}/${middle}/${ANY}`]),
  );
}

class StrangersOfKind {
  readonly #kind: keyof typeof NOWHERE;
  readonly #named = new Set<string>();
  #contexts = 0;

  constructor(kind: keyof typeof NOWHERE) {
    this.#kind = kind;
  }

  note(name: string, count: number): void {
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
