import { environmentState, flagType } from '../model/flag.js';
import type { Flag, ProjectSnapshot } from '../model/snapshot.js';
import { chooseOrg, chooseProject, type Scope, thereAre } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import { flagsFolder } from './folder.js';
import { type LoadedFlags, loadFlags } from './load-flags.js';
import type { Surroundings } from './surroundings.js';
import { alignColumns } from './table.js';

interface Options extends CommonOptions, Scope {
  readonly json?: boolean;
}

/** `flagstaff list`: the flags of the work tree. */
export function addList({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'list',
    summary: 'list the flags of the work tree and their switches',
    examples: ['list', 'list --org acme --project web-app --environment production', 'list --json'],
  })
    .option('--org <key>', 'only this organization')
    .option('--project <key>', 'only this project (of the default organization, if none is named)')
    .option('--environment <key>', 'only the switches of this environment')
    .option('--json', 'print JSON')
    .action((options: Options) => list(options, around));
}

async function list(options: Options, around: Surroundings): Promise<void> {
  const loaded = await loadFlags(flagsFolder(options.repo, around), around.now());
  const projects = chooseProjects(loaded, options);
  refuseUnknown(projects, options.environment);
  const rows = projects.flatMap((project) => projectRows(project, options.environment));
  if (options.json) around.print(JSON.stringify(rows, undefined, 2));
  else for (const line of alignColumns(rows.map(rowCells))) around.print(line);
}

function chooseProjects(loaded: LoadedFlags, scope: Scope): readonly ProjectSnapshot[] {
  if (scope.project !== undefined) return [chooseProject(loaded, scope)];
  const orgs = scope.org === undefined ? loaded.orgs : [chooseOrg(loaded, scope)];
  return orgs.flatMap((org) => [...org.projects.values()]);
}

function refuseUnknown(projects: readonly ProjectSnapshot[], environment: string | undefined): void {
  if (environment === undefined) return;
  const there = new Set<string>(projects.flatMap((project) => project.environments));
  if (!there.has(environment)) {
    throw new WrongUse(`no environment is called ${environment}: ${thereAre([...there])}`);
  }
}

/** What is printed of a flag, with `--json` as it is. */
interface Row {
  readonly org: string;
  readonly project: string;
  readonly key: string;
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly owner: string;
  readonly status: string;
  readonly tags: readonly string[];
  readonly path: string;
  readonly environments: Readonly<Record<string, Switch>>;
}

type Switch = 'on' | 'off' | 'killed';

/** A project that has no such environment has no rows; that none has it is a mistake. */
function projectRows(project: ProjectSnapshot, only: string | undefined): Row[] {
  const environments = project.environments.filter((name) => only === undefined || name === only);
  if (environments.length === 0) return [];
  return [...project.flags.values()].map((flag) => flagRow(project, flag, environments));
}

function flagRow(
  project: ProjectSnapshot,
  { key, id, path, file }: Flag,
  environments: readonly string[],
): Row {
  return {
    org: project.org,
    project: project.key,
    key,
    id,
    type: flagType(file),
    name: file.name ?? key,
    description: file.description ?? '',
    owner: file.owner ?? '',
    status: file.status ?? 'development',
    tags: file.tags ?? [],
    path,
    environments: Object.fromEntries(environments.map((name) => [name, switchOf(file, name)])),
  };
}

function switchOf(file: Flag['file'], environment: string): Switch {
  const { enabled, killed } = environmentState(file, environment);
  if (killed) return 'killed';
  return enabled ? 'on' : 'off';
}

function rowCells(row: Row): string[] {
  const switches = Object.entries(row.environments).map(([name, state]) => `${name}=${state}`);
  return [`${row.org}/${row.project}`, row.key, row.type, switches.join(' ')];
}
