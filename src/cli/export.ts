import { Option } from 'commander';
import { compileNow } from '../evaluation/compile.js';
import { type FlagdDefinitions, writeDefinitions } from '../evaluation/flagd/definitions.js';
import type { Inexpressible } from '../evaluation/flagd/inexpressible.js';
import { chooseEnvironment, chooseProject, type Scope } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { flagsFolder } from './folder.js';
import { count } from './format.js';
import { loadFlags } from './load-flags.js';
import { writeOutput } from './output-file.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions, Scope {
  readonly to: 'flagd';
  readonly skip?: 'inexpressible';
  readonly output?: string;
  readonly json?: boolean;
}

/** `flagstaff export`: an environment as another tool reads it; ends with 1 where a flag cannot be said in its words. */
export function addExport({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'export',
    summary: "write an environment's flags as another tool reads them",
    examples: [
      'export --to flagd --environment production --output flags.flagd.json',
      'export --to flagd --skip inexpressible',
    ],
  })
    .addOption(
      new Option('--to <tool>', 'who reads it: flagd and the in-process providers of OpenFeature')
        .choices(['flagd'])
        .makeOptionMandatory(),
    )
    .option('--environment <key>', 'the environment (else the default one)')
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--output <file>', 'the file to write (else standard output)')
    .addOption(
      new Option('--skip <what>', 'leave out flags that cannot be expressed').choices(['inexpressible']),
    )
    .option('--json', 'print what was written and what cannot be expressed as JSON; needs --output')
    .action(async (options: Options) => {
      if (!(await exportFlags(options, around))) end(1);
    });
}

/** False where something cannot be expressed and was not to be skipped: then nothing is written. */
async function exportFlags(options: Options, around: Surroundings): Promise<boolean> {
  if (options.json && options.output === undefined) {
    throw new WrongUse('--json tells of the file that is written: name it with --output');
  }
  const definitions = await definitionsOf(options, around);
  const { flags, refused } = definitions;
  const isWritten = refused.length === 0 || options.skip !== undefined;
  if (isWritten) write(definitions, options, around);
  if (options.json) {
    const written = isWritten ? flags.size : 0;
    around.print(
      JSON.stringify({ output: options.output, flags: written, inexpressible: refused }, undefined, 2),
    );
    return isWritten;
  }
  for (const one of refused) around.warn(shownLine(refusedLine(one)));
  if (!isWritten) around.warn(`nothing was written: ${SKIP}`);
  else if (options.output !== undefined)
    around.print(`wrote ${count(flags.size, 'flag')} to ${options.output}`);
  return isWritten;
}

const SKIP = '--skip inexpressible leaves such flags out';

async function definitionsOf(options: Options, around: Surroundings): Promise<FlagdDefinitions> {
  const loaded = await loadFlags(flagsFolder(options.repo, around), around.now());
  const project = chooseProject(loaded, options);
  const key = chooseEnvironment(project, options);
  const environment = compileNow(project).environments.get(key);
  if (environment === undefined) throw new Error(`${key} was not compiled`);
  const work = writeDefinitions(environment);
  let step = work.next();
  while (step.done !== true) step = work.next();
  return step.value;
}

/** One flag a line, so that what changed between two files can be seen. */
function write({ flags }: FlagdDefinitions, { output }: Options, around: Surroundings): void {
  const members = [...flags].map(([key, definition]) => `    ${JSON.stringify(key)}: ${definition}`);
  const all = members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n  }`;
  const text = `{\n  "$schema": "https://flagd.dev/schema/v0/flags.json",\n  "flags": ${all}\n}`;
  if (output === undefined) around.printExact(text);
  else writeOutput(output, text, around);
}

function refusedLine({ flag, environment, step, rule, construct, sentence }: Inexpressible): string {
  const place = rule === undefined ? step : `rule ${rule}`;
  return `${flag} in ${environment}: ${place}: ${construct}: ${sentence}`;
}
