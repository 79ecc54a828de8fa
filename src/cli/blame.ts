import type { FlagKey } from '../model/keys.js';
import type { BlameLine } from '../repository/commit-history.js';
import { chooseEnvironment, chooseProject } from './choose.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { commitData, dateOf, markedCommit, namedData, warnOfCut } from './past/entry.js';
import { type OpenPast, withPast } from './past/open.js';
import { flagPlaceOf, type HistoryScope, refuseUnknownFlag } from './past/scope.js';
import { readFlagKey } from './read-key.js';
import type { Surroundings } from './surroundings.js';
import { alignColumns } from './table.js';

interface Options extends CommonOptions, HistoryScope {
  readonly environment?: string;
  readonly json?: boolean;
}

/** `flagstaff blame`: who last changed each part of a flag, and why. */
export function addBlame({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'blame',
    summary: 'say who last changed each rule, override, segment and switch of a flag, and why',
    examples: ['blame new-checkout', 'blame new-checkout --environment production --json'],
  })
    .argument('<flag>', 'the key of the flag', readFlagKey)
    .option('--org <key>', 'the organization (else the default one)')
    .option('--project <key>', 'the project (else the default one)')
    .option('--environment <key>', 'only what is about this environment')
    .option('--json', 'print JSON')
    .action((flag: FlagKey, options: Options) => blame(flag, options, around));
}

async function blame(flag: FlagKey, options: Options, around: Surroundings): Promise<void> {
  await withPast(options.repo, around, async (opened) => {
    const lines = await readLines(opened, flag, options);
    if (options.json) around.print(JSON.stringify(lines.map(lineData), undefined, 2));
    else for (const line of alignColumns(lines.map(lineCells))) around.print(line);
    warnOfCut(lines, around);
  });
}

/** Throws `WrongUse` where there is no such flag, or no such environment. */
async function readLines(opened: OpenPast, flag: FlagKey, options: Options): Promise<readonly BlameLine[]> {
  const place = flagPlaceOf(opened, options, flag);
  refuseUnknownFlag(opened, options, place);
  const lines = await (await opened.history()).blame(place);
  if (options.environment === undefined) return lines;
  const about = lines.filter(({ environment }) => environment === options.environment);
  if (about.length === 0) chooseEnvironment(chooseProject(opened.outline, options), options);
  return about;
}

/** Why is the reason that was given, else what the commit says of itself. */
function lineCells(line: BlameLine): readonly string[] {
  const { commit, environment, sentence } = line;
  return [
    markedCommit(line),
    dateOf(commit),
    commit.author.name,
    environment ?? '',
    sentence,
    commit.reason ?? commit.subject,
  ];
}

function lineData(line: BlameLine) {
  const { environment, part, sentence, mergedBy } = line;
  const merge = mergedBy === undefined ? null : namedData(mergedBy);
  return { environment: environment ?? null, part, sentence, ...commitData(line), mergedBy: merge };
}
