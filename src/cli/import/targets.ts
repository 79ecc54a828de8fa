import type { Targets } from '../../files/import/imported.js';
import { parseEnvironmentKey } from '../../model/keys.js';
import type { ProjectSnapshot } from '../../model/snapshot.js';
import { WrongUse } from '../exit.js';

/**
 * Where the source's environments go. `named` is what stands behind `--environment`: `production`, or `prod=production` for
 * an environment that the source calls otherwise. A source that knows none goes to those named, else to the default one; of
 * a source that knows several, those named are carried, else all.
 */
export class ChosenTargets implements Targets {
  readonly #chosen: readonly Chosen[];
  readonly #project: ProjectSnapshot | undefined;
  /** Ours that were asked for, by theirs. */
  readonly #used = new Map<string | undefined, readonly string[]>();

  constructor(named: readonly string[], project: ProjectSnapshot | undefined) {
    this.#chosen = named.map(readChosen);
    this.#project = project;
  }

  of(theirs: string | undefined): readonly string[] {
    const known = this.#used.get(theirs);
    if (known !== undefined) return known;
    const ours = theirs === undefined ? this.#withoutNames() : this.#named(theirs);
    // No flag has states both under a name and under none.
    const named = [...this.#used].flatMap(([name, used]) => (name === undefined ? [] : used));
    const taken = theirs === undefined ? undefined : named.find((one) => ours.includes(one));
    if (taken !== undefined)
      throw new WrongUse(`two environments of the source go to ${taken}: choose with --environment`);
    for (const one of ours) this.#refuseUnknown(theirs, one);
    this.#used.set(theirs, ours);
    return ours;
  }

  /** Ours that flags have a state in, in order; those of the project where it is there. */
  environments(): readonly string[] {
    const used = [...new Set([...this.#used.values()].flat())];
    return used.length > 0 ? used : ['production'];
  }

  /** The names of environments that were chosen and that the source does not have. */
  unknown(): readonly string[] {
    return this.#chosen.flatMap(({ theirs }) =>
      theirs === undefined || this.#isUsed(theirs) ? [] : [theirs],
    );
  }

  #isUsed(theirs: string): boolean {
    return (
      this.#used.has(undefined) ||
      [...this.#used.keys()].some((key) => key === theirs || kebab(key ?? '') === theirs)
    );
  }

  #withoutNames(): readonly string[] {
    const mapped = this.#chosen.find(({ isMapped }) => isMapped);
    if (mapped !== undefined) {
      throw new WrongUse(
        `--environment ${mapped.theirs}=${mapped.ours}: the source has no environments of its own, so name one of ours alone`,
      );
    }
    if (this.#chosen.length > 0) return [...new Set(this.#chosen.map(({ ours }) => ours))];
    return [this.#project?.defaultEnvironment ?? 'production'];
  }

  #named(theirs: string): readonly string[] {
    if (this.#chosen.length === 0) return [kebab(theirs)];
    const chosen = this.#chosen.filter((one) => one.theirs === theirs || one.theirs === kebab(theirs));
    return [...new Set(chosen.map(({ ours }) => ours))];
  }

  #refuseUnknown(theirs: string | undefined, ours: string): void {
    if (parseEnvironmentKey(ours) === undefined)
      throw new WrongUse(`--environment: ${ours || theirs} is no key of an environment; ${MAP}`);
    const there = this.#project?.environments;
    if (there === undefined || there.some((one) => one === ours)) return;
    const where = `${this.#project?.org}/${this.#project?.key} has ${there.join(', ')}`;
    throw new WrongUse(`no environment is called ${ours}: ${where}; ${MAP}`);
  }
}

const MAP = 'say where it goes with --environment theirs=ours, or add it to project.yaml';

interface Chosen {
  readonly theirs: string;
  readonly ours: string;
  readonly isMapped: boolean;
}

function readChosen(text: string): Chosen {
  const place = text.lastIndexOf('=');
  const [theirs, ours] = place === -1 ? [text, text] : [text.slice(0, place), text.slice(place + 1)];
  if (parseEnvironmentKey(ours) === undefined) {
    throw new WrongUse(
      `--environment: ${JSON.stringify(ours)} is no key of an environment: lower-case words joined by hyphens`,
    );
  }
  return { theirs, ours, isMapped: place !== -1 };
}

/** `Production EU` as a key is `production-eu`. */
function kebab(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
