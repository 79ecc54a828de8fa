import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { pathOf } from '../files/paths.js';
import { printYaml } from '../files/print.js';
import { Failure } from '../model/failure.js';
import type { FlagType } from '../model/flag.js';
import { type FlagKey, parseFlagKey } from '../model/keys.js';
import type { Problem } from '../model/problem.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import type { JsonObject } from '../model/values.js';
import { chooseProject, type Scope } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { type NewFlag, newFlagFile } from './create/flag-file.js';
import { addedErrors, type DraftFile } from './create/judge.js';
import { flagsFolder } from './folder.js';
import { type LoadedFlags, loadFlags } from './load-flags.js';
import type { Surroundings } from './surroundings.js';

const TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object'];

interface Options extends CommonOptions, Scope, NewFlag {}

/** `flagstaff create`: writes the file of a new flag into the work tree; the commit is the user's. */
export function addCreate({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'create',
    summary: 'write the file of a new flag into the work tree',
    examples: [
      'create dark-mode --description "Dark theme" --enable development',
      'create theme --type string --variant blue=#00f --variant green=#0f0',
    ],
  })
    .argument('<flag>', 'the key: letters and digits, joined by -, _ or .', readKey)
    .addOption(new Option('--type <type>', 'what its values are').choices(TYPES).default('boolean'))
    .option('--name <text>', 'the name for people')
    .option('--description <text>', 'what it is for')
    .option('--owner <name>', 'who answers for it')
    .option('--tag <word>', 'a word to find it by (may be repeated)', append)
    .option('--variant <name=value>', 'a variant; the first is served (may be repeated)', append)
    .option('--enable <environment>', 'switch it on there (may be repeated)', append)
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .action((flag: FlagKey, options: Options) => create(flag, options, around));
}

async function create(key: FlagKey, options: Options, around: Surroundings): Promise<void> {
  const folder = flagsFolder(options.repo, around);
  const now = around.now();
  const loaded = await loadFlags(folder, now);
  const project = chooseProject(loaded, options);
  const file = pathOf({ kind: 'flag', org: project.org, project: project.key, key });
  const target = path.join(folder, file);
  if (existsSync(target)) throw refusal('FLAG_EXISTS', `${file} is there already`);
  const text = printYaml(newFlagFile(options, project) as object as JsonObject);
  refuseErrors({ loaded, project, draft: { path: file, text }, now });
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text, { flag: 'wx' });
  around.print(file);
}

interface Judged {
  readonly loaded: LoadedFlags;
  readonly project: ProjectSnapshot;
  readonly draft: DraftFile;
  readonly now: number;
}

function refuseErrors({ loaded, project, draft, now }: Judged): void {
  const org = loaded.folders.get(project.org);
  const problems = org === undefined ? [] : addedErrors(org, draft, now);
  if (problems.length > 0) throw refusal('INVALID_FLAG', 'nothing was written', problems);
}

function refusal(code: string, message: string, problems: readonly Problem[] = []): Failure {
  return new Failure('conflict', code, message, { data: { problems } });
}

function readKey(text: string): FlagKey {
  const key = parseFlagKey(text);
  if (key === undefined)
    throw new InvalidArgumentError('Wanted letters and digits, joined by -, _ or a dot.');
  return key;
}

function append(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}
