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
import { flagsFolder, isFolder } from './folder.js';
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
  readonly json?: boolean;
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
    .option('--out <file>', 'the file to write (- or none: standard output)')
    .option('--check', 'write nothing, and end with 1 where the file is not up to date')
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--json', 'print what became of the file as JSON; needs --out')
    .action(async (options: Options) => {
      if (!(await codegen(options, around))) end(1);
    });
}

/** False where `--check` found another text. */
async function codegen(options: Options, around: Surroundings): Promise<boolean> {
  const out = outFile(options, around);
  const project = await readProject(options, around);
  const flags = generatedFlags(project, options.sdk);
  const text = generatedText(project, flags, options);
  if (options.lang === 'json') warnOfDefaults(flags, around);
  if (flags.length === 0 && options.sdk === 'web') around.warn(NO_CLIENT_FLAGS);
  if (out === undefined) {
    around.printExact(text.trimEnd());
    return true;
  }
  const file = { ...out, text, around };
  const isCurrent = options.check ? check(file) : !write(file);
  if (options.json) {
    const data = { file: out.shown, flags: flags.length, isCurrent, isWritten: !options.check && !isCurrent };
    around.print(JSON.stringify(data, undefined, 2));
  } else if (!options.check) {
    around.print(`${out.shown}: ${isCurrent ? 'up to date' : 'written'}, ${count(flags.length, 'flag')}`);
  }
  return isCurrent || !options.check;
}

const NO_CLIENT_FLAGS =
  'no flag has `client: true`, so --sdk web has none: say it in the files of those that browsers may ask for';

/** Undefined for standard output. Throws `WrongUse` for a folder, and where something needs a file. */
function outFile({ out, check: isChecking, json }: Options, around: Surroundings): Out | undefined {
  if (out === undefined || out === '-') {
    if (isChecking) throw new WrongUse('--check compares with a file: name it with --out');
    if (json) throw new WrongUse('--json tells of the file that is written: name it with --out');
    return undefined;
  }
  const file = path.resolve(around.cwd, out);
  if (isFolder(file)) throw new WrongUse(`--out ${out} is a folder: name a file in it`);
  return { file, shown: out };
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

/** The file that is made. */
interface Out {
  readonly file: string;
  /** As it was named. */
  readonly shown: string;
}

interface Made extends Out {
  readonly text: string;
  readonly around: Surroundings;
}

/** Git may give text files the line ends of the system. */
function check({ file, text, shown, around }: Made): boolean {
  const known = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : undefined;
  if (known === text) return true;
  const what = known === undefined ? 'is not there' : 'is not what the flags say now';
  around.warn(`${shown} ${what}: run the same command without --check`);
  return false;
}

/** True where it is another text than before; what is the same keeps its time, so that nothing is built for it. */
function write({ file, text, around }: Made): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  mkdirSync(path.dirname(file), { recursive: true });
  writeOutput(file, text, around);
  return true;
}
