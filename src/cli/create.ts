import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Option } from 'commander';
import { applyChanges } from '../changes/apply.js';
import { Failure } from '../model/failure.js';
import type { FlagFile, FlagType } from '../model/flag.js';
import type { FlagKey } from '../model/keys.js';
import type { ProjectSnapshot } from '../model/snapshot.js';
import { chooseProject, type Scope } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { type NewFlag, newFlagFile } from './create/flag-file.js';
import { addedErrors, type DraftFile } from './create/judge.js';
import { flagsFolder } from './folder.js';
import { type LoadedFlags, loadFlags } from './load-flags.js';
import { readFlagKey } from './read-key.js';
import { append } from './repeated.js';
import type { Surroundings } from './surroundings.js';

const TYPES: readonly FlagType[] = ['boolean', 'string', 'number', 'object'];

interface Options extends CommonOptions, Scope, NewFlag {
  readonly json?: boolean;
}

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
    .argument('<flag>', 'the key: letters and digits, joined by -, _ or .', readFlagKey)
    .addOption(new Option('--type <type>', 'what its values are').choices(TYPES).default('boolean'))
    .option('--name <text>', 'the name for people')
    .option('--description <text>', 'what it is for')
    .option('--owner <name>', 'who answers for it')
    .option('--tag <word>', 'a word to find it by (may be repeated)', append)
    .option('--variant <name=value>', 'a variant; the first is served (may be repeated)', append)
    .option('--enable <environment>', 'switch it on there (may be repeated)', append)
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--json', 'print JSON')
    .action((flag: FlagKey, options: Options) => create(flag, options, around));
}

async function create(key: FlagKey, options: Options, around: Surroundings): Promise<void> {
  const folder = flagsFolder(options.repo, around);
  const now = around.now();
  const loaded = await loadFlags(folder, now);
  const project = chooseProject(loaded, options);
  const draft = draftOf({ folder, loaded, project, key, file: newFlagFile(options, project), now });
  refuseErrors({ loaded, project, draft, now });
  const target = path.join(folder, draft.path);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, draft.text, { flag: 'wx' });
  around.print(options.json ? JSON.stringify(draft, undefined, 2) : draft.path);
}

interface Wanted {
  readonly folder: string;
  readonly loaded: LoadedFlags;
  readonly project: ProjectSnapshot;
  readonly key: FlagKey;
  readonly file: FlagFile;
  readonly now: number;
}

/** The text that a write over REST would make. Throws `Failure` FLAG_EXISTS. */
function draftOf({ folder, loaded, project, key, file, now }: Wanted): DraftFile {
  const files = loaded.folders.get(project.org)?.files ?? [];
  const base = {
    paths: new Set(files.map((known) => known.path)),
    readText: () => undefined,
    readLastGood: () => undefined,
    filesNaming: () => [],
    environmentsOf: () => project.environments,
    hasSchemas: existsSync(path.join(folder, 'schemas/flag.json')),
  };
  const change = { kind: 'flag.create', project: project.key, flag: key, file } as const;
  const [edit] = applyChanges([change], base, { org: project.org, now }).edits;
  if (edit?.text == null) throw new Error(`creating ${key} made no file`);
  return { path: edit.path, text: edit.text };
}

interface Judged {
  readonly loaded: LoadedFlags;
  readonly project: ProjectSnapshot;
  readonly draft: DraftFile;
  readonly now: number;
}

function refuseErrors({ loaded, project, draft, now }: Judged): void {
  const org = loaded.folders.get(project.org);
  const problems = org === undefined ? [] : addedErrors(org, [draft], now);
  if (problems.length === 0) return;
  throw new Failure('unprocessable', 'INVALID_FLAG', 'nothing was written', { data: { problems } });
}
