import type { Difference } from '../../changes/difference.js';
import { diffFiles, type FilePair } from '../../changes/difference-files.js';
import { type ComparedEnvironment, compareOrgs } from '../../changes/impact/comparison.js';
import type { Sample } from '../../changes/impact/impact.js';
import { ImpactTally } from '../../changes/impact/tally.js';
import { vocabularyOf } from '../../changes/impact/vocabulary.js';
import { FLAGS_FOLDER } from '../../files/paths.js';
import { hasErrors } from '../../model/problem.js';
import type { Compared } from '../diff/revisions.js';
import type { OpenPast } from '../past/open.js';
import { folderOf, type HistoryScope } from '../past/scope.js';
import { openSides, type SideOrg, type Sides } from '../past/side.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { type Population, visitPopulation } from './population.js';
import { number, type ToldImpact } from './told.js';
import { environmentsOf, refuseUnknownNames } from './unknown-names.js';

/** Which of the flags that may answer otherwise are asked; all of them where nothing is named. */
export interface ImpactScope extends HistoryScope {
  readonly environment?: string;
  readonly flag?: string;
}

/** What is measured. */
export interface Measuring {
  readonly opened: OpenPast;
  readonly compared: Compared;
  readonly scope: ImpactScope;
  readonly population: Population;
  /** How many of each kind of move are kept. */
  readonly examples: number;
  /** The moment of all questions, in epoch milliseconds. */
  readonly now: number;
  readonly around: Surroundings;
}

/** A line of progress is replaced after so many milliseconds. */
const PROGRESS_MS = 100;
/** So many names that nobody knows are told. */
const MOST_NAMED = 5;

/**
 * Asks both versions of all flags that may answer otherwise. Throws `WrongUse` for names that neither version has and for
 * contexts that cannot be read, `Failure` as `openSide` does.
 */
export async function measureImpact(measuring: Measuring): Promise<ToldImpact> {
  const { opened, compared, scope, population, examples, now, around } = measuring;
  const folder = folderOf(opened, scope) ?? `${FLAGS_FOLDER}/`;
  const isWanted = (org: string) =>
    folder.startsWith(`${FLAGS_FOLDER}/${org}/`) || folder === `${FLAGS_FOLDER}/`;
  const sides = await openSides(opened, { ...compared, now, isWanted });
  const environments = compareOrgs(sides.before.orgs, sides.after.orgs).flatMap(within(folder, scope));
  if (environments.length === 0) refuseUnknownNames(opened, sides, scope);
  warnOfErrors(sides, around);
  const tally = new ImpactTally(environments, { now, examples });
  const strangers = new Strangers(environmentsOf(opened, sides));
  const words = { vocabulary: () => vocabularyOf(environments), now };
  const take = (sample: Sample) => {
    strangers.note(sample);
    tally.add(sample);
  };
  const tell = teller(tally, around);
  const skipped = await visitPopulation(population, words, { take, tell, around }).finally(() =>
    around.terminal.showProgress(undefined),
  );
  strangers.report(around);
  const impact = tally.finish(differencesOf(sides));
  return { impact, before: sides.before, after: sides.after, population, skipped, now };
}

function within(folder: string, { environment, flag }: ImpactScope) {
  return (compared: ComparedEnvironment): readonly ComparedEnvironment[] => {
    const place = `${FLAGS_FOLDER}/${compared.org}/${compared.project}/`;
    if (!place.startsWith(folder) || (environment ?? compared.environment) !== compared.environment)
      return [];
    const flags = compared.flags.filter(({ key }) => (flag ?? key) === key);
    return flags.length === 0 ? [] : [{ ...compared, flags }];
  };
}

/** Contexts that were asked where nothing is: most likely somebody wrote a name wrongly. */
class Strangers {
  readonly #known: ReadonlySet<string>;
  readonly #named = new Set<string>();
  #contexts = 0;

  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  note({ environment, count }: Sample): void {
    if (environment === undefined || this.#known.has(environment)) return;
    this.#contexts += count;
    if (this.#named.size < MOST_NAMED) this.#named.add(environment);
  }

  report(around: Surroundings): void {
    if (this.#contexts === 0) return;
    const names = [...this.#named].join(', ');
    around.warn(
      shownLine(
        `flagstaff: ${number(this.#contexts)} contexts asked in environments that no project has: ${names}`,
      ),
    );
  }
}

function teller(tally: ImpactTally, { terminal }: Surroundings): () => void {
  let next = performance.now() + PROGRESS_MS;
  return () => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    terminal.showProgress(`${number(tally.contexts)} contexts, ${number(tally.moved)} get another answer`);
  };
}

function warnOfErrors({ before, after }: Sides, around: Surroundings): void {
  for (const { label, orgs } of [before, after]) {
    const broken = [...orgs.values()]
      .filter(({ problems }) => hasErrors(problems))
      .map(({ snapshot }) => snapshot.key);
    if (broken.length === 0) continue;
    const where = broken.join(', ');
    around.warn(
      shownLine(
        `flagstaff: ${label} has errors in ${where}; what is broken answers as its last good version does`,
      ),
    );
  }
}

function differencesOf({ before, after }: Sides): readonly Difference[] {
  const keys = new Set([...before.orgs.keys(), ...after.orgs.keys()]);
  return diffFiles([...keys].flatMap((key) => filePairs(before.orgs.get(key), after.orgs.get(key))));
}

function filePairs(before: SideOrg | undefined, after: SideOrg | undefined): readonly FilePair[] {
  const [old, young] = [before, after].map((org) => new Map(org?.files.map((file) => [file.path, file])));
  const paths = new Set([...(old?.keys() ?? []), ...(young?.keys() ?? [])]);
  return [...paths]
    .map((path) => ({ path, before: old?.get(path), after: young?.get(path) }))
    .filter((pair) => pair.before?.blob !== pair.after?.blob);
}
