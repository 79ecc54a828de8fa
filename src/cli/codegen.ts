import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { isCheckCode } from '../files/checks/codes.js';
import { Failure } from '../model/failure.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import { unreachable } from '../model/unreachable.js';
import { chooseProject } from './choose.js';
import { type GeneratedFlag, generatedFlags, type Sdk } from './codegen/generated-flag.js';
import { manifestText } from './codegen/manifest.js';
import { typescriptText } from './codegen/typescript.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { flagsFolder } from './folder.js';
import { count } from './format.js';
import { loadFlags } from './load-flags.js';
import { writeOutput } from './output-file.js';
import type { Surroundings } from './surroundings.js';

/** What is made: accessors in TypeScript, or the manifest of OpenFeature's own command line. */
type Language = 'ts' | 'json';

interface Options extends CommonOptions {
  readonly lang: Language;
  readonly sdk: Sdk;
  readonly out?: string;
  readonly check?: boolean;
  readonly org?: string;
  readonly project?: string;
}

/** `flagstaff codegen`: the flags of a project as code; with `--check` ends with 1 where the file is not what it would be. */
export function addCodegen({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'codegen',
    summary: 'make typed code for the flags of a project, over an SDK of OpenFeature',
    examples: [
      'codegen --lang ts --out src/flags.ts',
      'codegen --lang ts --out src/flags.ts --check',
      'codegen --lang ts --sdk web --out web/flags.ts',
      'codegen --lang json --out flags.json',
    ],
  })
    .addOption(
      new Option(
        '--lang <lang>',
        'ts: typed accessors; json: the manifest that the command line of OpenFeature reads',
      )
        .choices(['ts', 'json'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--sdk <sdk>', 'who asks; web: only the flags that have client: true')
        .choices(['server', 'web'])
        .default('server'),
    )
    .option('--out <file>', 'the file to write (else standard output)')
    .option('--check', 'write nothing, and end with 1 where the file is not up to date')
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .action(async (options: Options) => {
      if (!(await codegen(options, around))) end(1);
    });
}

/** False where `--check` found another text. */
async function codegen(options: Options, around: Surroundings): Promise<boolean> {
  if (options.check && options.out === undefined) {
    throw new WrongUse('--check compares with a file: name it with --out');
  }
  const project = await readProject(options, around);
  const flags = generatedFlags(project, options.sdk);
  const text = generatedText(project, flags, options);
  if (options.lang === 'json') warnOfDefaults(flags, around);
  if (options.out === undefined) {
    around.printExact(text.trimEnd());
    return true;
  }
  const file = path.resolve(around.cwd, options.out);
  if (options.check) return check({ file, text, shown: options.out, around });
  const isNew = write(file, text, around);
  around.print(`${options.out}: ${isNew ? 'written' : 'up to date'}, ${count(flags.length, 'flag')}`);
  return true;
}

/** Throws `Failure` FLAGS_BROKEN: code without the broken flags would not compile elsewhere, for no reason that shows. */
async function readProject(options: Options, around: Surroundings): Promise<ProjectSnapshot> {
  const loaded = await loadFlags(flagsFolder(options.repo, around), around.now());
  const project = chooseProject(loaded, options);
  const folder = `flags/${project.org}/${project.key}/`;
  const problems = loaded.problems.filter(
    ({ path: at, code, severity }) => severity === 'error' && at.startsWith(folder) && !isCheckCode(code),
  );
  if (problems.length === 0) return project;
  const message = `${count(problems.length, 'error')} in ${project.org}/${project.key}: nothing was made`;
  throw new Failure('unprocessable', 'FLAGS_BROKEN', message, { data: { problems } });
}

function generatedText(
  project: ProjectSnapshot,
  flags: readonly GeneratedFlag[],
  { lang, sdk }: Options,
): string {
  switch (lang) {
    case 'ts':
      return typescriptText(flags, { project: `${project.org}/${project.key}`, sdk });
    case 'json':
      return manifestText(flags);
    default:
      return unreachable(lang);
  }
}

function warnOfDefaults(flags: readonly GeneratedFlag[], around: Surroundings): void {
  for (const { key, defaultValue } of flags) {
    if (defaultValue !== undefined) continue;
    around.warn(`${key} has no off variant: its default in the manifest is an empty value`);
  }
}

interface Checked {
  readonly file: string;
  readonly text: string;
  /** The file as it was named. */
  readonly shown: string;
  readonly around: Surroundings;
}

/** Git may give text files the line ends of the system. */
function check({ file, text, shown, around }: Checked): boolean {
  const known = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
  if (known === text) return true;
  const what = known === undefined ? 'is not there' : 'is not what the flags say now';
  around.warn(`${shown} ${what}: run the same command without --check`);
  return false;
}

/** True where it is another text than before; what is the same keeps its time, so that nothing is built for it. */
function write(file: string, text: string, around: Surroundings): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  mkdirSync(path.dirname(file), { recursive: true });
  writeOutput(file, text, around);
  return true;
}
