import { Option } from 'commander';
import type { Difference } from '../changes/difference.js';
import { unifiedDiff } from '../changes/text-diff.js';
import type { TextPair } from '../changes/text-pair.js';
import { type Listing, listCommit } from '../repository/listing.js';
import { listWorkTree } from '../repository/work-listing.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { changedFiles, differencesOf, textPairsOf } from './diff/compare.js';
import { compareRevisions } from './diff/revisions.js';
import { tellMarkdown } from './diff/tell-markdown.js';
import { WrongUse } from './exit.js';
import { groupedLines } from './past/heading.js';
import { type OpenPast, withPast } from './past/open.js';
import { folderOf, type HistoryScope, refuseUnknown } from './past/scope.js';
import type { Surroundings } from './surroundings.js';

const FORMATS = ['text', 'json', 'markdown'] as const;

interface Options extends CommonOptions, HistoryScope {
  readonly format: (typeof FORMATS)[number];
  readonly json?: boolean;
  readonly text?: boolean;
  readonly exitCode?: boolean;
}

/** `flagstaff diff`: what is different in meaning between two versions of the files. */
export function addDiff({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'diff [revisions...]',
    summary: 'say what is different between two revisions, or between one (else HEAD) and the work tree',
    examples: [
      'diff',
      'diff v1.4 HEAD',
      'diff main..canary-for-all --project web-app',
      'diff main...HEAD --format markdown   # for a comment of a pull request',
      'diff 2026-11-20T09:00:00Z --text',
    ],
  })
    .option('--org <key>', 'only this organization')
    .option('--project <key>', 'only this project (of the default organization, if none is named)')
    .option('--text', 'print the lines that differ, as git diff does')
    .addOption(
      new Option('--format <format>', 'how to print it').choices(FORMATS).default('text').conflicts('text'),
    )
    .addOption(new Option('--json', 'print JSON (--format json)').conflicts('text'))
    .option('--exit-code', 'end with 1 where something differs')
    .action(async (revisions: readonly string[], options: Options) => {
      const isDifferent = await diff(revisions, options, around);
      if (isDifferent && options.exitCode) end(1);
    });
}

async function diff(revisions: readonly string[], options: Options, around: Surroundings): Promise<boolean> {
  return withPast(options.repo, around, async (opened) => {
    const compared = await compareRevisions(opened, revisions);
    const older = await listRevision(opened, compared.before);
    const { after } = compared;
    const newer = after === undefined ? await listWork(opened) : await listRevision(opened, after);
    const files = await changedFiles(older, newer, pathFilter(opened, options));
    if (files.length === 0) refuseUnknown(opened, options);
    if (options.text) printText(await textPairsOf(opened, files), around);
    else {
      const differences = await differencesOf(opened, files);
      const isWanted = pathFilter(opened, options);
      if (formatOf(options) !== 'markdown') printDifferences(differences, options, around);
      else around.print(await tellMarkdown({ opened, compared, differences, isWanted, around }));
    }
    return files.length > 0;
  });
}

function formatOf({ format, json }: Options): Options['format'] {
  return json ? 'json' : format;
}

async function listRevision({ repository, resolve }: OpenPast, revision: string): Promise<Listing> {
  // As the commit has it, whatever would be served in the place of what is broken.
  return listCommit(repository, await resolve(revision), new Map());
}

async function listWork({ repository }: OpenPast): Promise<Listing> {
  const { workDir } = repository;
  if (workDir !== undefined) return listWorkTree(workDir, repository);
  throw new WrongUse('a bare repository has no work tree to compare with: name two revisions');
}

/** The settings of the whole repository belong to no organization. */
function pathFilter(opened: OpenPast, options: Options): (path: string) => boolean {
  const folder = folderOf(opened, options);
  if (folder === undefined) return () => true;
  return (path) => path.startsWith(folder);
}

/** `git apply` takes it: a last line of blanks is a line of the file. */
function printText(pairs: readonly TextPair[], around: Surroundings): void {
  const text = unifiedDiff(pairs);
  if (text !== '') around.printExact(text.replace(/\n$/, ''));
}

function printDifferences(differences: readonly Difference[], options: Options, around: Surroundings): void {
  if (formatOf(options) === 'json') around.print(JSON.stringify(differences, undefined, 2));
  else for (const line of groupedLines(differences, around)) around.print(line);
}
