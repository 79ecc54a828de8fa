import path from 'node:path';
import { Option } from 'commander';
import { type Imported, UnreadableSource } from '../files/import/imported.js';
import { SOURCES, type SourceName } from '../files/import/sources.js';
import { Failure } from '../model/failure.js';
import type { AttributeDeclarations } from '../model/project.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import type { DraftFile } from './create/judge.js';
import { WrongUse } from './exit.js';
import { flagsFolder } from './folder.js';
import { chooseDestination, type Destination, frameDrafts } from './import/destination.js';
import { replacedSegments } from './import/replaced.js';
import { type ImportReport, reportJson, reportLines } from './import/report.js';
import { reportFile } from './import/report-file.js';
import { ChosenTargets } from './import/targets.js';
import { readTexts } from './import/texts.js';
import { type ValidImport, validImport } from './import/valid.js';
import { takenDrafts, writeTogether } from './import/write.js';
import { loadFlags } from './load-flags.js';
import { append } from './repeated.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions {
  readonly from: SourceName;
  readonly org?: string;
  readonly project?: string;
  readonly environment?: readonly string[];
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly report?: string;
}

/** `flagstaff import`: another tool's flags as files of the work tree; ends with 1 where a flag was left out. */
export function addImport({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'import',
    summary: "write another tool's flags as files, and say what could not be carried and why",
    examples: [
      'import --from flagd flags.flagd.json --environment production --dry-run',
      'import --from unleash export.json --environment prod=production --report import.md',
      'import --from json config/flags --project billing',
    ],
  })
    .argument('<source>', 'a file, a folder of JSON and YAML files, or - for JSON or YAML on standard input')
    .addOption(fromOption())
    .option('--org <key>', 'the organization (else the default one); one that is not there is made')
    .option('--project <key>', 'the project (else the default one); one that is not there is made')
    .option('--environment <key>', WHERE, append)
    .option('--dry-run', 'write nothing')
    .option('--force', 'write over files that are there, the report too')
    .option('--json', 'print JSON')
    .option(
      '--report <file>',
      'write what was not carried into a file: Markdown, or JSON where it ends in .json',
    )
    .addHelpText('after', EFFECTS_HELP)
    .action(async (source: string, options: Options) => {
      const { found, carried } = await importFlags(source, options, around);
      if (carried < found) end(1);
    });
}

const WHERE = 'where they go: ours, or theirs=ours where the tool calls it otherwise (may be repeated)';

const EFFECTS_HELP = `
Each flag gives every caller the value that it gave before, or it is left out. What is noted of one that is carried:
  moved     the same shares, but other people: the tool places them by another hash
  assumed   the same for callers as described; look whether yours are
  renamed   a variant or a segment has another name
  dropped   a fact that never changes an answer
Ends with 1 where a flag was left out, or where a file is there already.`;

function fromOption(): Option {
  const tools = Object.entries(SOURCES).map(([name, { reads }]) => `${name} (${reads})`);
  return new Option('--from <tool>', `where they come from: ${tools.join(', ')}`)
    .choices(Object.keys(SOURCES))
    .makeOptionMandatory();
}

async function importFlags(source: string, options: Options, around: Surroundings): Promise<ImportReport> {
  const folder = flagsFolder(options.repo, around);
  const texts = await readTexts(source, around);
  const now = around.now();
  const destination = chooseDestination(folder, await loadFlags(folder, now), options);
  const targets = new ChosenTargets(options.environment ?? [], destination.projectNow);
  const imported = readSource(options.from, { texts, targets });
  const [unknown] = targets.unknown();
  if (unknown !== undefined) throw new WrongUse(`--environment: the source has no environment ${unknown}`);
  const environments = targets.environments();
  const frame = frameDrafts(destination, { environments, attributes: imported.attributes });
  const valid = validImport(imported, { destination, frame, now });
  refuseProblems(valid);
  const there = takenDrafts(folder, valid.drafts);
  const taken = options.force ? [] : there;
  if (!options.dryRun) refuseTaken(taken);
  const report = reportOf({ options, destination, environments, imported, valid });
  const drafts = options.dryRun ? [] : valid.drafts;
  const files = drafts.map((draft) => ({ target: path.join(folder, draft.path), text: draft.text }));
  writeTogether([...files, ...reportFile(report, options, around)]);
  if (options.json) around.print(reportJson(report));
  else for (const line of reportLines(report)) around.print(line);
  refuseTaken(taken);
  return report;
}

function readSource(from: SourceName, input: Parameters<(typeof SOURCES)['flagd']['importer']>[0]): Imported {
  try {
    return SOURCES[from].importer(input);
  } catch (error) {
    if (error instanceof UnreadableSource) throw new WrongUse(error.message);
    throw error;
  }
}

/** Errors of files that no flag left out would mend. */
function refuseProblems({ problems }: ValidImport): void {
  if (problems.length === 0) return;
  throw new Failure('unprocessable', 'INVALID_FLAG', 'nothing was written', { data: { problems } });
}

const MOST_TOLD = 5;

function refuseTaken(taken: readonly DraftFile[]): void {
  if (taken.length === 0) return;
  const names = taken.slice(0, MOST_TOLD).map((draft) => draft.path);
  const more = taken.length > MOST_TOLD ? ` and ${taken.length - MOST_TOLD} more` : '';
  const sentence = `nothing was written: ${names.join(', ')}${more} ${taken.length === 1 ? 'is' : 'are'} there already; --force writes over them`;
  throw new Failure('conflict', 'ALREADY_THERE', sentence);
}

interface Done {
  readonly options: Options;
  readonly destination: Destination;
  readonly environments: readonly string[];
  readonly imported: Imported;
  readonly valid: ValidImport;
}

function reportOf({ options, destination, environments, imported, valid }: Done): ImportReport {
  const { org, project, projectNow } = destination;
  const lost = new Set(
    valid.notCarried.flatMap(({ effect, flag }) =>
      effect === 'left out' && flag !== undefined ? [flag] : [],
    ),
  );
  return {
    from: options.from,
    title: SOURCES[options.from].title,
    org,
    project,
    environments,
    isDryRun: options.dryRun === true,
    found: imported.found,
    carried: imported.found - lost.size,
    files: valid.drafts.map((draft) => draft.path),
    notCarried: valid.notCarried,
    undeclared: undeclared(imported.attributes, projectNow?.file.attributes),
    replaced: replacedSegments(destination, valid.drafts),
  };
}

/** Where a project declares none, none is missing. */
function undeclared(
  used: AttributeDeclarations,
  declared: AttributeDeclarations | undefined,
): AttributeDeclarations {
  if (declared === undefined) return {};
  const missing = Object.entries(used).filter(([name]) => {
    const [root = ''] = name.split('.');
    return !Object.hasOwn(declared, name) && !Object.hasOwn(declared, root);
  });
  return Object.fromEntries(missing);
}
