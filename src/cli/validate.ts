import { Option } from 'commander';
import { newProblems } from '../files/checks/new-problems.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { fixFiles } from './fix-files.js';
import { flagsFolder } from './folder.js';
import { addFormat, type FormatOptions, printReport } from './format.js';
import { loadFlags } from './load-flags.js';
import { addPart, type Part, type PartScope, partOf } from './part.js';
import type { Surroundings } from './surroundings.js';
import { inOrder, type Judged, judgeAll } from './validate/judge-all.js';
import { isMergeable, validationReport } from './validate/report.js';

interface Options extends CommonOptions, FormatOptions, PartScope {
  readonly base?: string;
  readonly fix?: boolean;
  readonly since?: string;
  readonly strict?: boolean;
}

/** `flagstaff validate`: every problem of every file of the work tree; ends with 1 on errors. */
export function addValidate({ program, around, end }: CommandPlace): void {
  const command = addCommand(program, {
    usage: 'validate',
    summary: 'check every file of the work tree; ends with 1 on errors',
    examples: [
      'validate',
      'validate --strict --format github',
      'validate --since origin/main',
      'validate --org acme --project web-app',
      'validate --base origin/main   # everything, and steps that are too big',
      'validate --format sarif --output flags.sarif',
      'validate --fix',
    ],
  });
  addPart(addFormat(command))
    .addOption(
      new Option(
        '--since <revision>',
        'tell only what that revision does not have; the work tree counts as it is',
      ).conflicts('base'),
    )
    .option(
      '--base <revision>',
      'tell too what is wrong with the change since that revision, not only the files',
    )
    .option('--fix', 'repair what has one safe repair, and name it')
    .option('--strict', 'end with 1 on warnings too')
    .action(async (options: Options) => {
      if (!(await validate(options, around))) end(1);
    });
}

/** True where nothing stops a merge. */
async function validate(options: Options, around: Surroundings): Promise<boolean> {
  const { base, since, fix: isFixing, strict: isStrict = false } = options;
  if (isFixing && since !== undefined) {
    throw new WrongUse('validate: --fix repairs whole files, changed or not, so it does not go with --since');
  }
  const folder = flagsFolder(options.repo, around);
  const part = partOf(folder, options);
  if (isFixing) await fix(folder, part, around);
  const judged = within(part, await judge(options, folder, around));
  const validated = { ...judged, base, since, isStrict };
  printReport(validationReport(validated), { folder, options, around });
  return isMergeable(validated);
}

function within({ has, concerns }: Part, { problems, files, paths }: Judged): Judged {
  const own = paths.filter(has);
  return {
    problems: problems.filter(concerns),
    files: own.length === paths.length ? files : own.length,
    paths: own,
  };
}

async function judge({ base, since, repo }: Options, folder: string, around: Surroundings): Promise<Judged> {
  if (since !== undefined) return judgeChange(repo, since, around);
  const whole = await judgeAll(folder, around);
  if (base === undefined) return whole;
  const { problems } = await judgeChange(repo, base, around);
  return { ...whole, problems: inOrder([...whole.problems, ...newProblems(whole.problems, problems)]) };
}

/** What reads git is loaded only where it is asked. */
async function judgeChange(
  repo: string | undefined,
  revision: string,
  around: Surroundings,
): Promise<Judged> {
  const { judgeSince } = await import('./validate/judge-since.js');
  return judgeSince(repo, revision, around);
}

async function fix(folder: string, { has }: Part, around: Surroundings): Promise<void> {
  const repairs = fixFiles({ folder, has }, await loadFlags(folder, around.now()));
  for (const repair of repairs) around.warn(repair);
}
