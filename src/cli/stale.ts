import { readFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { locate } from '../files/locate.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import { chooseOrg, chooseProject } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { flagsFolder } from './folder.js';
import { count } from './format.js';
import { type LoadedFlags, loadFlags } from './load-flags.js';
import { dateOf, markedCommit, namedData, warnOfCut } from './past/entry.js';
import { catalogueOf } from './references/catalogue.js';
import { each, tallyCode } from './references/open-scan.js';
import { shownLine } from './shown.js';
import { withAges } from './stale/ages.js';
import { findCandidates } from './stale/find-candidates.js';
import { type CodeUses, isSafe, judgeStale, type StaleThing } from './stale/judge-stale.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly src?: readonly string[];
  readonly pattern?: readonly string[];
  readonly days?: number;
  readonly org?: string;
  readonly project?: string;
  readonly json?: boolean;
}

/** So long a flag gives everybody the same before that is a reason, where neither the command nor the policy says. */
const DEFAULT_DAYS = 30;

/** `flagstaff stale`: what can be removed, and why; ends with 1 where there is something. */
export function addStale({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'stale',
    summary: 'say which flags, segments and overrides can be removed, and why; ends with 1 where some can',
    examples: ['stale', 'stale --src ../web-app --project web-app', 'stale --days 90 --json'],
  })
    .option('--src <dir>', 'a folder of code, to find flags that no code uses; may stand several times', each)
    .option('--pattern <regexp>', 'another form in which code asks; its first group is the key', each)
    .option(
      '--days <number>',
      'how long a flag has given everybody the same (else fullyOnDays of the policy, 30)',
      readDays,
    )
    .option('--org <key>', 'only this organization')
    .option('--project <key>', 'only this project (of the default organization, if none is named)')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      if (!(await stale(options, around))) end(1);
    });
}

/** True where nothing can be removed. */
async function stale(options: Options, around: Surroundings): Promise<boolean> {
  const folder = flagsFolder(options.repo, around);
  const loaded = await loadFlags(folder, around.now());
  const code = await codeUses(options, { folder, loaded, around });
  const found = await withAges({ folder, loaded, around }, (ages) => {
    if (ages === undefined)
      around.warn('there is no history: nobody knows how long flags have been as they are');
    const days = options.days ?? loaded.config.policy?.fullyOnDays ?? DEFAULT_DAYS;
    const candidates = candidatesOf(loaded, options, around);
    return judgeStale(candidates, { ages, code, days, now: around.now() });
  });
  if (options.json)
    around.print(JSON.stringify({ stale: found.map((thing) => dataOf(thing, folder)) }, undefined, 2));
  else print(found, around);
  warnOfCut(
    found.flatMap(({ lastChange }) => lastChange ?? []),
    around,
  );
  return found.length === 0;
}

interface CodePlace {
  readonly folder: string;
  readonly loaded: LoadedFlags;
  readonly around: Surroundings;
}

async function codeUses(
  options: Options,
  { folder, loaded, around }: CodePlace,
): Promise<CodeUses | undefined> {
  if (options.src === undefined) return undefined;
  const catalogue = catalogueOf(loaded, options);
  const code = { src: options.src, pattern: options.pattern ?? [] };
  return tallyCode(code, { catalogue, repository: folder, around });
}

function candidatesOf(loaded: LoadedFlags, options: Options, around: Surroundings) {
  return projectsOf(loaded, options).flatMap((project) => {
    const place = `${project.org}/${project.key}`;
    const isWhole = !loaded.problems.some(
      ({ path: at, severity }) => severity === 'error' && at.startsWith(`flags/${place}/`),
    );
    if (!isWhole) around.warn(`${place} has errors: only what can be read is looked at, and no segment`);
    return findCandidates({ project, isWhole, now: around.now() });
  });
}

function projectsOf(loaded: LoadedFlags, options: Options): readonly ProjectSnapshot[] {
  if (options.project !== undefined) return [chooseProject(loaded, options)];
  const orgs = options.org === undefined ? loaded.orgs : [chooseOrg(loaded, options)];
  return orgs.flatMap((org) => [...org.projects.values()]);
}

function print(found: readonly StaleThing[], around: Surroundings): void {
  for (const thing of found) for (const line of linesOf(thing)) around.print(shownLine(line));
  around.print(summaryOf(found));
}

function summaryOf(found: readonly StaleThing[]): string {
  if (found.length === 0) return 'nothing is stale';
  const safe = found.filter(isSafe).length;
  const rest = found.length - safe;
  const now = `${count(safe, 'thing')} can be removed now`;
  return rest === 0 ? now : `${now}, ${rest} once nothing needs ${rest === 1 ? 'it' : 'them'}`;
}

/** What it is, why it can go, what stands in the way, and whom to ask. */
function linesOf(thing: StaleThing): readonly string[] {
  const { candidate, reasons, blockers, replacement } = thing;
  return [
    `${candidate.path}: ${nameOf(thing)} ${isSafe(thing) ? 'can be removed' : 'is stale'}`,
    ...reasons.map(({ sentence }) => `  ${sentence}`),
    ...(replacement === undefined
      ? []
      : [`  replace it by ${JSON.stringify(replacement.value)} (${replacement.variant})`]),
    ...blockers.map((blocker) => `  first: ${blocker}`),
    ...(candidate.files.length < 2 ? [] : [`  files: ${candidate.files.join(', ')}`]),
    `  ${[changeText(thing), ...(candidate.owner === undefined ? [] : [`owner ${candidate.owner}`])].join('; ')}`,
  ];
}

function nameOf({ candidate }: StaleThing): string {
  switch (candidate.kind) {
    case 'override':
      return `entry ${candidate.place + 1} of the overrides of ${candidate.key}`;
    default:
      return `${candidate.kind} ${candidate.key}`;
  }
}

function changeText({ lastChange }: StaleThing): string {
  if (lastChange === undefined) return 'not committed as it is';
  const { commit } = lastChange;
  return `last changed ${dateOf(commit).slice(0, 10)} by ${commit.author.name} (${markedCommit(lastChange)})`;
}

function dataOf(thing: StaleThing, folder: string) {
  const { candidate, reasons, blockers, replacement, uses, lastChange } = thing;
  const { kind, project, key, path: file, owner } = candidate;
  const place = candidate.kind === 'override' ? locateEntry(path.join(folder, file), candidate.place) : TOP;
  return {
    kind,
    org: project.org,
    project: project.key,
    key,
    path: file,
    ...place,
    files: candidate.files,
    isSafe: isSafe(thing),
    reasons,
    blockers,
    replaceBy: replacement ?? null,
    code: uses === undefined ? null : uses.counts,
    owner: owner ?? null,
    lastChange:
      lastChange === undefined ? null : { ...namedData(lastChange.commit), isCutOff: lastChange.isCutOff },
  };
}

const TOP = { line: 1, column: 1 };

function locateEntry(file: string, place: number): { readonly line: number; readonly column: number } {
  return locate(readFileSync(file, 'utf8'), [place]);
}

function readDays(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Wanted a number of days.');
}
