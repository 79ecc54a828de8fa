import { InvalidArgumentError } from 'commander';
import { fullyOnDays } from '../files/checks/fully-on.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import { chooseOrg, chooseProject } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { flagsFolder } from './folder.js';
import { type LoadedFlags, loadFlags } from './load-flags.js';
import { warnOfCut } from './past/entry.js';
import { catalogueOf } from './references/catalogue.js';
import { tallyCode } from './references/open-scan.js';
import type { Tally } from './references/tally.js';
import { append } from './repeated.js';
import { withAges } from './stale/ages.js';
import { findCandidates } from './stale/find-candidates.js';
import { judgeStale } from './stale/judge-stale.js';
import { reportLines, staleData } from './stale/report.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly src?: readonly string[];
  readonly pattern?: readonly string[];
  readonly days?: number;
  readonly org?: string;
  readonly project?: string;
  readonly json?: boolean;
}

/** `flagstaff stale`: what can be removed, and why; ends with 1 where there is something. */
export function addStale({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'stale',
    summary: 'say which flags, segments and overrides can be removed, and why; ends with 1 where some can',
    examples: ['stale', 'stale --src ../web-app --project web-app', 'stale --days 90 --json'],
  })
    .option(
      '--src <path>',
      'a folder or file of code, to find flags that no code uses; may stand several times',
      append,
    )
    .option(
      '--pattern <regexp>',
      'another form in which code asks, in RE2 syntax, of up to 1,000 characters; its first group is the key',
      append,
    )
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
    const days = options.days ?? fullyOnDays(loaded.config);
    const candidates = candidatesOf(loaded, options, around);
    return judgeStale(candidates, { ages, code, days, now: around.now() });
  });
  if (options.json) around.print(JSON.stringify(staleData({ found, folder, code }), undefined, 2));
  else for (const line of reportLines({ found, code }, around)) around.print(line);
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

async function codeUses(options: Options, { folder, loaded, around }: CodePlace): Promise<Tally | undefined> {
  if (options.src === undefined) {
    if (options.pattern !== undefined) throw new WrongUse('--pattern is about code: name it with --src');
    return undefined;
  }
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

function readDays(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Wanted a number of days.');
}
