import { InvalidArgumentError } from 'commander';
import type { Difference } from '../changes/difference.js';
import { sentencesOf } from '../changes/difference-files.js';
import { FLAGS_FOLDER } from '../files/paths.js';
import type { FlagKey } from '../model/keys.js';
import type { HistoryCommit, HistoryEntry, HistoryPage } from '../repository/commit-history.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { count } from './format.js';
import { paint } from './paint.js';
import { commitData, dateOf, markedCommit, namedData, shortCommit, warnOfCut } from './past/entry.js';
import { headingOf } from './past/heading.js';
import { type OpenPast, withPast } from './past/open.js';
import {
  flagPlaceOf,
  folderOf,
  type HistoryScope,
  pathsOfFlag,
  refuseUnknown,
  refuseUnknownFlag,
} from './past/scope.js';
import { readFlagKey } from './read-key.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';

interface Options extends CommonOptions, HistoryScope {
  readonly author?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** So many commits are shown unless more are asked for. */
const DEFAULT_LIMIT = 20;
/** So many of the commits that came in by a merge, and all that are known with `--json`. */
const MOST_MERGED = 20;
/** A commit that brings hundreds of flags says this many things for people, and all of them with `--json`. */
const MOST_SENTENCES = 20;

/** `flagstaff log`: what was changed, by whom, when and why, newest first. */
export function addLog({ program, around }: CommandPlace): void {
  addCommand(program, {
    usage: 'log',
    summary: 'say who changed what, when and why, newest first; of flags that are no more too',
    examples: ['log', 'log new-checkout', 'log --project web-app --author marc@example.com --limit 5'],
  })
    .argument('[flag]', 'only this flag, with its overrides and tests', readFlagKey)
    .option('--org <key>', 'only this organization (of a flag: else the default one)')
    .option('--project <key>', 'only this project (of a flag: else the default one)')
    .option('--author <address>', 'only commits of this e-mail address')
    .option('--limit <number>', 'how many commits', readLimit, DEFAULT_LIMIT)
    .option('--json', 'print JSON')
    .action((flag: FlagKey | undefined, options: Options) => log(flag, options, around));
}

async function log(flag: FlagKey | undefined, options: Options, around: Surroundings): Promise<void> {
  await withPast(options.repo, around, async (opened) => {
    const page = await readPage(opened, flag, options);
    if (page.total === 0) refuseNothing(opened, flag, options);
    if (options.json) around.print(JSON.stringify(page.entries.map(entryData), undefined, 2));
    else for (const line of pageLines(page, flag !== undefined, around)) around.print(line);
    warnOfCut(page.entries, around);
    const { length } = page.entries;
    if (length < page.total)
      around.warn(`${length} of ${count(page.total, 'commit')} shown: --limit shows more`);
  });
}

async function readPage(opened: OpenPast, flag: FlagKey | undefined, options: Options): Promise<HistoryPage> {
  if (opened.head === undefined) return { total: 0, entries: [] };
  const under =
    flag === undefined
      ? [folderOf(opened, options) ?? `${FLAGS_FOLDER}/`]
      : pathsOfFlag(flagPlaceOf(opened, options, flag));
  const { author: email, limit } = options;
  const history = await opened.history();
  return history.page({ under, offset: 0, limit, ...(email === undefined ? {} : { email }) });
}

/** Nothing may have happened to what is there; what is not there is a mistake, unless an author is looked for. */
function refuseNothing(opened: OpenPast, flag: FlagKey | undefined, options: Options): void {
  if (opened.head === undefined || options.author !== undefined) return;
  if (flag === undefined) refuseUnknown(opened, options);
  else refuseUnknownFlag(opened, options, flagPlaceOf(opened, options, flag));
}

function pageLines({ entries }: HistoryPage, isOfOne: boolean, around: Surroundings): readonly string[] {
  if (entries.length === 0) return ['no commit has changed this'];
  return entries.flatMap((entry, index) => {
    const [first = '', ...lines] = entryLines(entry, isOfOne);
    return [...(index === 0 ? [] : ['']), paint(first, 'yellow', around), ...lines];
  });
}

/** The commit, its subject, what it changed, why, and what came in by it. */
function entryLines(entry: HistoryEntry, isOfOne: boolean): readonly string[] {
  const { commit, differences, merged } = entry;
  const { author, reason, force, subject } = commit;
  const moreMerged = merged.length - MOST_MERGED;
  const told = isOfOne ? sentencesOf(differences) : differences.map(toldWhole);
  const more = told.length - MOST_SENTENCES;
  const lines = [
    `${markedCommit(entry)}  ${dateOf(commit)}  ${author.name} <${author.email}>`,
    `    ${subject}`,
    ...told.slice(0, MOST_SENTENCES).map((sentence) => `      ${sentence}`),
    ...(more > 0 ? [`      … and ${more} more`] : []),
    ...(reason === undefined ? [] : [`    reason: ${reason}`]),
    ...(force === undefined ? [] : [`    forced: ${force}`]),
    ...merged.slice(0, MOST_MERGED).map(mergedLine),
    ...(moreMerged > 0 ? [`    … and ${count(moreMerged, 'commit')} more`] : []),
  ];
  return lines.map(shownLine);
}

/** Below the merge by which it came. */
function mergedLine(commit: HistoryCommit): string {
  const { oid, author, subject } = commit;
  return `    merged ${shortCommit(oid)}  ${dateOf(commit)}  ${author.name} <${author.email}>  ${subject}`;
}

/** People's subjects seldom say which flag they are about. */
function toldWhole({ resource, sentence }: Difference): string {
  return `${headingOf(resource)}: ${sentence}`;
}

function entryData(entry: HistoryEntry) {
  const { differences, merged } = entry;
  const told = { sentences: sentencesOf(differences), differences };
  return { ...commitData(entry), ...told, merged: merged.map(namedData) };
}

function readLimit(text: string): number {
  const limit = Number(text);
  if (/^\d{1,6}$/.test(text) && limit > 0) return limit;
  throw new InvalidArgumentError('Wanted a number from 1 to 999999.');
}
