import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { flagsFolder } from './folder.js';
import { addFormat, type FormatOptions, printReport } from './format.js';
import { addPart, type PartScope } from './part.js';
import type { Surroundings } from './surroundings.js';
import { errorLines, isPassed, testReport } from './test/report.js';
import { runWanted } from './test/run.js';

interface Options extends CommonOptions, FormatOptions, PartScope {
  readonly coverage?: boolean;
  readonly since?: string;
}

/** `flagstaff test`: asks every flag what its tests file asks; ends with 1 where an answer is another one. */
export function addTest({ program, around, end }: CommandPlace): void {
  const command = addCommand(program, {
    usage: 'test',
    summary: 'run the cases of the tests/ files; ends with 1 where one fails',
    examples: [
      'test',
      'test --since origin/main',
      'test --org acme --project web-app',
      'test --coverage',
      'test --format junit --output flags.xml',
      'test --repo ../demo --format github',
    ],
  });
  addPart(addFormat(command))
    .option(
      '--since <revision>',
      'run only the cases of flags that may answer otherwise than in that revision',
    )
    .option('--coverage', 'tell too which rules, segments, overrides and serves no case reaches')
    .action(async (options: Options) => {
      if (!(await test(options, around))) end(1);
    });
}

/** True where every case passed and every file could be read: the cases of a broken file cannot pass. */
async function test(options: Options, around: Surroundings): Promise<boolean> {
  const { repo, org, project, since, coverage: isCovering = false } = options;
  const folder = flagsFolder(repo, around);
  const tested = await runWanted({ repo, folder, org, project, since, isCovering }, around);
  for (const line of errorLines(tested)) around.warn(line);
  printReport(testReport(tested), { folder, options, around });
  return isPassed(tested);
}
