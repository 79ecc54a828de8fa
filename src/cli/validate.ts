import { formatProblem, type Problem } from '../model/problem.js';
import { unreachable } from '../model/unreachable.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { fixFiles } from './fix-files.js';
import { flagsFolder } from './folder.js';
import { addFormat, count, type Format } from './format.js';
import { annotate } from './github.js';
import { loadFlags } from './load-flags.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly fix?: boolean;
  readonly format: Format;
  readonly strict?: boolean;
}

/** `flagstaff validate`: every problem of every file of the work tree; ends with 1 on errors. */
export function addValidate({ program, around, end }: CommandPlace): void {
  const command = addCommand(program, {
    usage: 'validate',
    summary: 'check every file of the work tree; ends with 1 on errors',
    examples: ['validate', 'validate --strict --format github', 'validate --fix'],
  });
  addFormat(command)
    .option('--fix', 'repair what has one safe repair, and name it')
    .option('--strict', 'end with 1 on warnings too')
    .action(async (options: Options) => {
      if (!(await validate(options, around))) end(1);
    });
}

/** True where nothing stops a merge. */
async function validate(options: Options, around: Surroundings): Promise<boolean> {
  const folder = flagsFolder(options.repo, around);
  if (options.fix) await fix(folder, around);
  const { problems, files } = await loadFlags(folder, around.now());
  show({ problems, files, folder, format: options.format, around });
  return !problems.some((problem) => options.strict || problem.severity === 'error');
}

async function fix(folder: string, around: Surroundings): Promise<void> {
  const repairs = fixFiles(folder, await loadFlags(folder, around.now()));
  for (const repair of repairs) around.warn(repair);
}

interface Shown {
  readonly problems: readonly Problem[];
  readonly files: number;
  readonly folder: string;
  readonly format: Format;
  readonly around: Surroundings;
}

function show({ problems, files, folder, format, around }: Shown): void {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  const summary = `${count(files, 'file')} checked: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
  switch (format) {
    case 'text':
      for (const problem of problems) around.print(shownLine(formatProblem(problem)));
      around.print(summary);
      break;
    case 'json':
      around.print(JSON.stringify({ files, errors, warnings, problems }, undefined, 2));
      break;
    case 'github':
      annotate(
        problems.map((problem) => ({ ...problem, title: problem.code })),
        folder,
        around,
      );
      around.print(summary);
      break;
    default:
      unreachable(format);
  }
}
