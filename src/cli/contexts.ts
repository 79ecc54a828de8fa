import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type ContextFile, ContextFiles } from '../repository/context-files.js';
import { openRepository } from '../repository/git.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { repositoryFolder } from './folder.js';
import { count } from './format.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly org?: string;
  readonly project?: string;
  readonly environment?: string;
  readonly delete?: boolean;
}

/** `flagstaff contexts`: who asked, as the server recorded it. */
export function addContexts({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'contexts',
    summary: 'print the contexts that the server recorded, as JSON lines, for flagstaff impact',
    examples: [
      'contexts > contexts.jsonl',
      'contexts --environment production | flagstaff impact main..HEAD --contexts -',
      'contexts --project web-app --delete',
    ],
  })
    .option('--org <key>', 'only this organization')
    .option('--project <key>', 'only this project')
    .option('--environment <key>', 'only this environment')
    .option('--delete', 'delete them instead')
    .action((options: Options) => contexts(options, around));
}

async function contexts(options: Options, around: Surroundings): Promise<void> {
  const files = new ContextFiles(await openRepository(repositoryFolder(options.repo, around)));
  const wanted = files.list().filter((file) => isWanted(file, options));
  if (wanted.length === 0) {
    around.warn(
      'flagstaff: nothing is recorded there: `recording` in project.yaml says what a server records',
    );
  } else if (options.delete) {
    for (const file of wanted) await files.remove(file);
    around.print(`${count(wanted.length, 'file')} of recorded contexts deleted`);
  } else for (const file of wanted) await printLines(file, around);
}

function isWanted(file: ContextFile, { org, project, environment }: Options): boolean {
  return (
    (org === undefined || file.org === org) &&
    (project === undefined || file.project === project) &&
    (environment === undefined || file.environment === environment)
  );
}

/** A line at a time. A crash may leave the last one torn, and the next one behind it. */
async function printLines({ path }: ContextFile, around: Surroundings): Promise<void> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (isWhole(line)) around.print(line);
  }
}

function isWhole(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
