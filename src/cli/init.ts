import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { Failure } from '../model/failure.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { flagsFolder } from './folder.js';
import { runGit } from './git-program.js';
import { addEditor, type EditorStep } from './init/add-editor.js';
import { type Names, starterFiles } from './init/files.js';
import { readOrgKey, readProjectKey } from './read-key.js';
import { type Surroundings, variable } from './surroundings.js';

interface Options extends CommonOptions, Names {
  readonly editor?: boolean;
  readonly json?: boolean;
}

/** `flagstaff init`: a new flags repository, ready to be served. */
export function addInit({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'init [dir]',
    summary: 'make a new flags repository, with an example flag, its test, schemas and a workflow',
    examples: [
      'init demo',
      'init demo --org acme --project web-app',
      'init --editor   # what editors need, in a flags repository that is there',
    ],
    repo: 'the folder to make it in, as the argument (FLAGSTAFF_REPO, else the current folder)',
  })
    .option('--org <key>', 'the first organization', readOrgKey, 'acme')
    .option('--project <key>', 'its first project', readProjectKey, 'web-app')
    .addOption(
      new Option('--editor', 'only add what editors need and a flags repository has not yet').conflicts([
        'org',
        'project',
      ]),
    )
    .option('--json', 'print the folder, the files that were written and the commit as JSON')
    .action(async (dir: string | undefined, options: Options) => {
      if (dir !== undefined && options.repo !== undefined) {
        throw new WrongUse(`init: the folder is named twice, ${dir} and --repo ${options.repo}`);
      }
      if (options.editor) await initEditor(dir, options, around);
      else await init(dir, options, around);
    });
}

async function initEditor(dir: string | undefined, options: Options, around: Surroundings): Promise<void> {
  const folder = flagsFolder(dir ?? options.repo, around);
  const steps = await addEditor(folder);
  if (options.json) return printData({ folder, steps, commit: null }, around);
  for (const { line } of steps) around.print(line);
  if (steps.length === 0) around.print('nothing was missing');
}

async function init(dir: string | undefined, options: Options, around: Surroundings): Promise<void> {
  const named = dir ?? options.repo ?? variable(around, 'FLAGSTAFF_REPO') ?? '.';
  const folder = path.resolve(around.cwd, named);
  refuseSecond(folder);
  const isNew = !existsSync(path.join(folder, '.git'));
  const written = writeMissing(folder, starterFiles(options));
  if (isNew) await runGit({ folder, words: ['init', '--quiet', '--initial-branch=main'] });
  const steps = [
    ...written.map((file) => ({ line: `wrote ${file}`, files: [file] })),
    ...(await addEditor(folder)),
  ];
  if (!options.json) for (const { line } of steps) around.print(line);
  const commit = isNew ? await commitFirst(folder, written) : null;
  if (options.json) return printData({ folder, steps, commit }, around);
  around.print(isNew ? 'committed to the branch main of a new git repository' : NOT_COMMITTED);
  around.print(`next: flagstaff serve --repo ${named}`);
}

interface Done {
  readonly folder: string;
  readonly steps: readonly EditorStep[];
  /** Null where nothing was committed. */
  readonly commit: string | null;
}

/** What was left as it is goes to standard error: it has no file to name. */
function printData({ folder, steps, commit }: Done, around: Surroundings): void {
  const files = [...new Set(steps.flatMap((step) => step.files))];
  around.print(JSON.stringify({ folder, files, commit }, undefined, 2));
  for (const step of steps) if (step.files.length === 0) around.warn(step.line);
}

const NOT_COMMITTED =
  'nothing is committed, because this was a git repository already: commit these files first';

function refuseSecond(folder: string): void {
  const there = ['.flagstaff.yaml', 'flags'].find((name) => existsSync(path.join(folder, name)));
  if (there === undefined) return;
  throw new Failure('conflict', 'ALREADY_THERE', `${folder} has ${there} already: nothing was written`);
}

/** Writes what is not there yet; a file of the same name stays as it is. Returns the paths written. */
function writeMissing(folder: string, files: ReadonlyMap<string, string>): string[] {
  const missing = [...files].filter(([name]) => !existsSync(path.join(folder, name)));
  for (const [name, text] of missing) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  }
  return missing.map(([name]) => name);
}

/** The first commit is the user's own, so git must know who that is. Fulfils with its id. */
async function commitFirst(folder: string, files: readonly string[]): Promise<string> {
  await runGit({ folder, words: ['add', '--', ...files] });
  try {
    await runGit({ folder, words: ['commit', '--quiet', '--message', 'Add feature flags'] });
    return (await runGit({ folder, words: ['rev-parse', 'HEAD'] })).trim();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const how = `the files are staged in ${folder}; run \`git commit\` there, then \`flagstaff serve\``;
    throw new Failure(error.kind, error.code, `${error.message}\n${how}`, { cause: error });
  }
}
