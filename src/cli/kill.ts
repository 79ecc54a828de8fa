import type { FlagKill } from '../changes/change.js';
import { pathOf } from '../files/paths.js';
import type { FlagKey } from '../model/keys.js';
import type { OrgSnapshot } from '../model/snapshot.js';
import type { GitRepository } from '../repository/git.js';
import type { FlagCache } from '../repository/served.js';
import { chooseEnvironment, chooseProject, type OrgChoice, type Scope } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { readHeadOutline } from './past/open.js';
import { unknownFlag } from './past/scope.js';
import { readFlagKey } from './read-key.js';
import { readReason } from './read-reason.js';
import type { Surroundings } from './surroundings.js';
import type { ServerRequest } from './write/ask-server.js';
import { type CommandWrite, commitAndPrint } from './write/commit.js';

interface Options extends CommonOptions, Scope {
  readonly reason: string;
  readonly json?: boolean;
}

/** What a command does with the kill switch. */
interface Switching {
  readonly kind: FlagKill['kind'];
  readonly flag: FlagKey;
  readonly options: Options;
  readonly around: Surroundings;
}

/** `flagstaff kill`: everyone gets the off variant from now on, whatever else the flag says. */
export function addKill(place: CommandPlace): void {
  addSwitch(place, 'flag.kill', {
    usage: 'kill',
    summary: 'stop a flag for everyone, now: one commit, even where its file is broken',
    examples: [
      'kill new-checkout --reason "orders are lost"',
      'kill new-checkout --environment development --reason "the nightly run hangs"',
    ],
  });
}

/** `flagstaff unkill`: the flag answers again what its file says. */
export function addUnkill(place: CommandPlace): void {
  addSwitch(place, 'flag.unkill', {
    usage: 'unkill',
    summary: 'let a flag that was killed answer again what its file says',
    examples: ['unkill new-checkout --reason "orders arrive again"'],
  });
}

function addSwitch(
  { program, around }: CommandPlace,
  kind: FlagKill['kind'],
  help: Parameters<typeof addCommand>[1],
): void {
  addCommand(program, help)
    .argument('<flag>', 'the key of the flag', readFlagKey)
    .requiredOption('--reason <text>', 'why, in a line: the commit keeps it', readReason)
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--environment <key>', 'the environment (else the default one)')
    .option('--json', 'print JSON')
    .action((flag: FlagKey, options: Options) =>
      commitAndPrint(options, switchWrite({ kind, flag, options, around }), around),
    );
}

/** What to write to throw the switch. */
export function switchWrite(switching: Switching): CommandWrite {
  return {
    request: (cache) => ({ ...changeHere(cache, switching), reason: switching.options.reason }),
    ask: (repository) => requestThere(repository, switching),
  };
}

/** Projects and environments are those that are served: a file that is broken now stops no kill. */
function changeHere(cache: FlagCache, { kind, flag, options }: Switching) {
  const project = chooseProject(servedChoice(cache), options);
  const environment = chooseEnvironment(project, options);
  const { org, key } = project;
  const path = pathOf({ kind: 'flag', org, project: key, key: flag });
  const isThere = cache.orgs.get(org)?.files.some((file) => file.path === path) === true;
  if (!isThere) throw unknownFlag(project, flag, project.flags.keys());
  return { org, changes: [{ kind, project: key, flag, environment }] };
}

function servedChoice(cache: FlagCache): OrgChoice<OrgSnapshot> {
  const orgs = [...cache.orgs.values()].map(({ snapshot }) => snapshot);
  return { orgs, defaultOrg: cache.defaultOrg?.snapshot.key };
}

/** The server knows its defaults, but it does not guess which of several organizations is meant. */
async function requestThere(
  repository: GitRepository,
  { kind, flag, options, around }: Switching,
): Promise<ServerRequest> {
  const { project, environment, reason } = options;
  const org = options.org ?? (await readHeadOutline(repository, around)).defaultOrg;
  const change = { kind, flag, ...(project && { project }), ...(environment && { environment }) };
  return { path: '/api/v1/changes', body: { ...(org && { org_id: org }), changes: [change], reason } };
}
