import type { Difference } from '../../changes/difference.js';
import { diffFiles, type FilePair } from '../../changes/difference-files.js';
import { type ComparedEnvironment, compareOrgs } from '../../changes/impact/comparison.js';
import type { Sample } from '../../changes/impact/impact.js';
import { ImpactTally } from '../../changes/impact/tally.js';
import { vocabularyOf } from '../../changes/impact/vocabulary.js';
import { FLAGS_FOLDER } from '../../files/paths.js';
import type { NamedCompared } from '../diff/revisions.js';
import { WrongUse } from '../exit.js';
import type { OpenPast } from '../past/open.js';
import { folderOf, type HistoryScope } from '../past/scope.js';
import { openSides, type Side, type SideOrg, type Sides } from '../past/side.js';
import type { Surroundings } from '../surroundings.js';
import { fileName, type Population, visitPopulation } from './population.js';
import { Strangers } from './strangers.js';
import { number, type ToldImpact, type ToldSide } from './told.js';
import { knownNames, refuseUnknownNames } from './unknown-names.js';

/** Which of the flags that may answer otherwise are asked; all of them where nothing is named. */
export interface ImpactScope extends HistoryScope {
  readonly environment?: string;
  readonly flag?: string;
}

/** What is measured. */
export interface Measuring {
  readonly opened: OpenPast;
  readonly compared: NamedCompared;
  readonly scope: ImpactScope;
  readonly population: Population;
  /** How many of each kind of move are kept. */
  readonly examples: number;
  /** True where Markdown and pictures may name those whom overrides and segments name. */
  readonly names: boolean;
  /** The moment of all questions, in epoch milliseconds. */
  readonly now: number;
  readonly around: Surroundings;
}

/** A line of progress is replaced after so many milliseconds. */
const PROGRESS_MS = 100;

/**
 * Asks both versions of all flags that may answer otherwise. Throws `WrongUse` for names that neither version has and for
 * contexts that cannot be read, `Failure` as `openSide` does.
 */
export async function measureImpact(measuring: Measuring): Promise<ToldImpact> {
  const { opened, compared, scope, population, examples, names, now, around } = measuring;
  const folder = folderOf(opened, scope) ?? `${FLAGS_FOLDER}/`;
  const isWanted = (org: string) =>
    folder.startsWith(`${FLAGS_FOLDER}/${org}/`) || folder === `${FLAGS_FOLDER}/`;
  const sides = await openSides(opened, { ...compared, now, isWanted });
  const environments = compareOrgs(sides.before.orgs, sides.after.orgs).flatMap(within(folder, scope));
  if (environments.length === 0) refuseUnknownNames(opened, sides, scope);
  const tally = new ImpactTally(environments, { now, examples });
  const strangers = new Strangers(knownNames(opened, sides));
  const words = { vocabulary: () => vocabularyOf(environments), now };
  const isAsked = askedIn(folder, scope);
  const take = (sample: Sample) => {
    if (!strangers.isNoted(sample) && isAsked(sample)) tally.add(sample);
    if (!Number.isSafeInteger(tally.contexts)) throw tooMany();
  };
  const tell = teller(tally, around);
  const skipped = await visitPopulation(population, words, { take, tell, around }).finally(() =>
    around.terminal.showProgress(undefined),
  );
  strangers.report(around);
  if (tally.contexts === 0) throw nobody(population);
  const impact = tally.finish(differencesOf(sides));
  const before = { label: compared.names.before, ...toldSide(sides.before, folder) };
  const after = { label: compared.names.after, ...toldSide(sides.after, folder) };
  return { impact, before, after, population, skipped, nowhere: strangers.contexts, names, now };
}

/** Which of the contexts ask where somebody looks; those that do not say where ask everywhere. */
function askedIn(folder: string, { environment }: ImpactScope): (sample: Sample) => boolean {
  const [, org, project] = folder.split('/');
  const isSame = (wanted: string | undefined, found: string | undefined) =>
    wanted === undefined || wanted === '' || found === undefined || wanted === found;
  return (sample) =>
    isSame(environment, sample.environment) && isSame(org, sample.org) && isSame(project, sample.project);
}

function tooMany(): WrongUse {
  return new WrongUse(`more than ${number(Number.MAX_SAFE_INTEGER)} contexts cannot be counted`);
}

function nobody(population: Population): WrongUse {
  const name = population.kind === 'file' ? fileName(population.file) : 'the population';
  return new WrongUse(`${name} has no context that asks here: there is nobody to say anything of`);
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

function teller(tally: ImpactTally, { terminal }: Surroundings): () => void {
  let next = performance.now() + PROGRESS_MS;
  return () => {
    if (performance.now() < next) return;
    next = performance.now() + PROGRESS_MS;
    terminal.showProgress(`${number(tally.contexts)} contexts, ${number(tally.moved)} get another answer`);
  };
}

function toldSide({ commit, orgs }: Side, folder: string): Omit<ToldSide, 'label'> {
  const errors = [...orgs.values()]
    .flatMap(({ problems }) => problems)
    .filter(({ severity, path }) => severity === 'error' && concerns(path, folder));
  return { commit, errors };
}

/** What is wrong with another project changes no answer of this one; what is wrong with its organization may. */
function concerns(path: string, folder: string): boolean {
  return path.startsWith(folder) || folder.startsWith(path.slice(0, path.lastIndexOf('/') + 1));
}

/** What the files of two versions say otherwise. */
export function differencesOf({ before, after }: Sides): readonly Difference[] {
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
