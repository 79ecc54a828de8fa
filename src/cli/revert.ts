import { sentencesOf } from '../changes/difference-files.js';
import { unifiedDiff } from '../changes/text-diff.js';
import { Failure } from '../model/failure.js';
import { parseFlagKey } from '../model/keys.js';
import { formatProblem } from '../model/problem.js';
import type { Preview } from '../repository/write-request.js';
import { brokenTestLine } from './broken-test.js';
import { addCommand, type CommandPlace, type CommonOptions } from './command.js';
import { WrongUse } from './exit.js';
import type { HistoryScope } from './past/scope.js';
import { readReason } from './read-reason.js';
import { conflictLines, revertOfCommit } from './revert/commit.js';
import { revertOfFlag } from './revert/flag.js';
import { shownLine } from './shown.js';
import type { Surroundings } from './surroundings.js';
import { type CommandWrite, commitAndPrint, preview } from './write/commit.js';

interface Options extends CommonOptions, HistoryScope {
  readonly to?: string;
  readonly reason?: string;
  readonly force?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `flagstaff revert`: takes a commit back, or one flag back to an older version; a new commit, or none. */
export function addRevert({ program, around, end }: CommandPlace): void {
  addCommand(program, {
    usage: 'revert',
    summary: 'take back what a commit did, or one flag to what it was at a revision, as a new commit',
    examples: ['revert 3f2a9c1 --reason "checkout is slow"', 'revert new-checkout --to v1.4 --dry-run'],
  })
    .argument('<what>', 'the commit to take back; with --to, the key of a flag')
    .option('--to <revision>', 'the commit, branch, tag or time whose version the flag gets')
    .option('--org <key>', 'the organization (else the one that the commit changed, or the default one)')
    .option('--project <key>', 'the project of the flag (else the default one)')
    .option('--reason <text>', 'why, in a line: the commit keeps it', readReason)
    .option('--force <reason>', 'do it although tests break, and why: the commit keeps it', readReason)
    .option('--dry-run', 'only show what would change; ends with 1 where it would be refused')
    .option('--json', 'print JSON')
    .action(async (what: string, options: Options) => {
      if (!(await revert(what, options, around))) end(1);
    });
}

/** False where a dry run found what would refuse it. */
async function revert(what: string, options: Options, around: Surroundings): Promise<boolean> {
  try {
    return await revertOrShow(what, options, around);
  } catch (error) {
    if (error instanceof Failure && error.code === 'REVERT_CONFLICT') {
      const lines = await conflictLines(what, error, { repo: options.repo, around });
      for (const line of lines) around.warn(line);
    }
    throw error;
  }
}

async function revertOrShow(what: string, options: Options, around: Surroundings): Promise<boolean> {
  const write = await readRevert(what, options, around);
  if (!options.dryRun) {
    await commitAndPrint(options, write, around);
    return true;
  }
  const { previewed } = await preview(options.repo, write, around);
  if (options.json) around.print(JSON.stringify(previewed, undefined, 2));
  else printPreview(previewed, around);
  return isWritable(previewed, options);
}

/** What to write to take it back. Throws `WrongUse`, and `Failure` where there is no such commit. */
export function readRevert(what: string, options: Options, around: Surroundings): Promise<CommandWrite> {
  if (options.to === undefined) {
    if (options.project === undefined) return revertOfCommit(what, options, around);
    throw new WrongUse('revert: --project goes with a flag and --to; a commit is taken back whole');
  }
  const flag = parseFlagKey(what);
  if (flag !== undefined) return revertOfFlag(flag, { ...options, to: options.to }, around);
  throw new WrongUse(`revert: --to wants the key of a flag before it, got ${what}`);
}

/** What would change goes to standard output, what would refuse it to standard error. */
function printPreview(previewed: Preview, around: Surroundings): void {
  const { files, differences, problems, brokenTests, refusals } = previewed;
  if (files.length === 0) around.print('nothing to change: it is so already');
  else around.print(unifiedDiff(files).trimEnd());
  for (const sentence of sentencesOf(differences)) around.print(shownLine(sentence));
  for (const problem of problems) around.warn(shownLine(formatProblem(problem)));
  for (const test of brokenTests) around.warn(brokenTestLine(test));
  for (const { message } of refusals) around.warn(shownLine(message));
}

function isWritable({ problems, brokenTests, refusals }: Preview, { force }: Options): boolean {
  if (problems.length > 0 || refusals.length > 0) return false;
  return brokenTests.length === 0 || force !== undefined;
}
