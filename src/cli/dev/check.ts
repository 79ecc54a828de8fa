import { affectedFlags } from '../../changes/affected-flags.js';
import { judgeChecks } from '../../changes/checks/judge-checks.js';
import type { Difference } from '../../changes/difference.js';
import { diffFiles, type FileSide } from '../../changes/difference-files.js';
import { newProblems } from '../../files/checks/new-problems.js';
import type { SourceFile } from '../../files/loaded.js';
import { locateFindings } from '../../files/locate.js';
import { placeOf } from '../../files/paths.js';
import type { Problem } from '../../model/problem.js';
import type { Flag, OrgSnapshot } from '../../model/snapshot.js';
import type { Committed } from '../../repository/compared-commit.js';
import { pause } from '../../repository/slices.js';
import { type LoadedDirectory, reloadDirectory, textReader } from '../../repository/worktree.js';
import { type CaseRun, runAllCases } from '../test/run-all.js';
import { inOrder } from '../validate/judge-all.js';

/** The work tree at one moment, judged and tested. */
export interface Checked {
  /** How many files were read. */
  readonly files: number;
  /** True in the first check, and where anything is other than in the check before. */
  readonly isOther: boolean;
  /** What is different since the check before; nothing in the first one. */
  readonly differences: readonly Difference[];
  /** All that is wrong, by path and line, at the levels that the settings give. */
  readonly problems: readonly Problem[];
  /** Those of the problems that the check before had not. */
  readonly newProblems: readonly Problem[];
  /** The cases of the flags that may answer otherwise; all of them in the first check. */
  readonly cases: readonly CaseRun[];
  /** Every case that fails, run now or before. */
  readonly failures: readonly CaseRun[];
  /** The commit whose change was judged too; undefined where there is none, or not yet. */
  readonly commit: string | undefined;
  /** True where the check before compared with another one. */
  readonly isOtherCommit: boolean;
  /** What the next check goes on from. */
  readonly kept: Kept;
}

interface Kept {
  readonly loaded: LoadedDirectory;
  /** Of files that could be read once: the newest version that could. */
  readonly readable: ReadonlyMap<string, FileSide>;
}

/** What is checked. */
interface CheckInput {
  /** The top of the flags repository. */
  readonly folder: string;
  /** The check before; undefined in the first one. */
  readonly before: Checked | undefined;
  /** Gives the commit with which these files are compared. */
  readonly compareWith: (loaded: LoadedDirectory) => Promise<Committed | undefined>;
  /** The clock, in epoch milliseconds. */
  readonly now: number;
  /** Gives it up: it rejects then. */
  readonly signal: AbortSignal;
}

/** Judges the work tree and runs the cases of the flags that may answer otherwise than in the check before. */
export async function check({ folder, before, compareWith, now, signal }: CheckInput): Promise<Checked> {
  const previous = before?.kept.loaded;
  const loaded = await reloadDirectory({ dir: folder, previous, now, signal });
  const orgs = orgsOf(loaded);
  const textOf = textReader(folder);
  const judged = judge({ loaded, committed: await compareWith(loaded), textOf, before, now });
  await pause(signal);
  const touched = touchedFlags(previous && orgsOf(previous), orgs);
  const cases = runAllCases({ orgs, textOf, isWanted: (name) => touched.has(name), now });
  await pause(signal);
  const differences = before === undefined ? [] : differencesSince(before.kept, loaded);
  return {
    ...judged,
    isOther: judged.isOther || differences.length > 0,
    files: filesOf(loaded).filter(({ parsed }) => parsed !== undefined).length,
    differences,
    cases,
    failures: [...stillFailing(before, orgs, touched), ...cases.filter(({ result }) => !result.passed)],
    kept: { loaded, readable: readableSides(before?.kept.readable, loaded) },
  };
}

function orgsOf({ orgs }: LoadedDirectory): readonly OrgSnapshot[] {
  return [...orgs.values()].flatMap(({ snapshot }) => snapshot ?? []);
}

interface Judging {
  readonly loaded: LoadedDirectory;
  readonly committed: Committed | undefined;
  readonly textOf: (name: string) => string | undefined;
  readonly before: Checked | undefined;
  readonly now: number;
}

type Judged = Pick<Checked, 'problems' | 'newProblems' | 'isOther' | 'commit' | 'isOtherCommit'>;

/** A broken flag keeps its last good version, of which nothing is to be said: its file has another text by now. */
function judge({ loaded, committed, textOf, before, now }: Judging): Judged {
  const orgs = orgsOf(loaded);
  const stale = new Set(flagsOf(orgs).flatMap((flag) => (flag.stale === undefined ? [] : [flag.path])));
  const isWanted = (name: string): boolean => !stale.has(name);
  const known = before?.problems ?? [];
  const checks = judgeChecks({
    config: loaded.config,
    orgs,
    problems: loaded.problems,
    ...(committed === undefined ? {} : { before: committed.orgs }),
    isWanted,
    isThere: (name) => textOf(name) !== undefined,
    now,
  });
  const problems = inOrder([...checks.problems, ...locateFindings(checks.findings, textOf)]);
  const fresh = newProblems(known, problems);
  return {
    problems,
    newProblems: fresh,
    isOther: before === undefined || fresh.length > 0 || problems.length !== known.length,
    commit: committed?.commit,
    isOtherCommit: committed?.commit !== before?.commit,
  };
}

/** The paths of the flags whose cases may go otherwise, and can be run. */
function touchedFlags(
  before: readonly OrgSnapshot[] | undefined,
  orgs: readonly OrgSnapshot[],
): ReadonlySet<string> {
  const known = new Map(before?.map((org) => [org.key, org]));
  const touched = orgs.flatMap((org) =>
    [...org.projects.values()].flatMap((project) =>
      affectedFlags(known.get(org.key)?.projects.get(project.key), project),
    ),
  );
  return new Set(touched.filter(isRunnable).map((flag) => flag.path));
}

/** What failed before and was not run again, of flags that are still there and can be read. */
function stillFailing(
  before: Checked | undefined,
  orgs: readonly OrgSnapshot[],
  touched: ReadonlySet<string>,
): readonly CaseRun[] {
  if (before === undefined || before.failures.length === 0) return [];
  const standing = new Set(
    orgs.flatMap((org) =>
      [...org.projects.values()].flatMap((project) =>
        [...project.flags.values()].flatMap((flag) =>
          isRunnable(flag) && !touched.has(flag.path) ? [`${org.key}/${project.key}/${flag.key}`] : [],
        ),
      ),
    ),
  );
  return before.failures.filter(({ flag }) => standing.has(flag));
}

function isRunnable({ stale, tests }: Flag): boolean {
  return stale === undefined && tests.length > 0;
}

function flagsOf(orgs: readonly OrgSnapshot[]): readonly Flag[] {
  return orgs.flatMap((org) => [...org.projects.values()].flatMap(({ flags }) => [...flags.values()]));
}

function filesOf({ orgs, settings }: LoadedDirectory): readonly SourceFile[] {
  const files = [...orgs.values()].flatMap((org) => org.files);
  return settings === undefined ? files : [settings, ...files];
}

function differencesSince({ loaded, readable }: Kept, now: LoadedDirectory): readonly Difference[] {
  const before = new Map(filesOf(loaded).map((file) => [file.path, file]));
  const after = new Map(filesOf(now).map((file) => [file.path, file]));
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => placeOf(path).kind !== 'ignored',
  );
  return diffFiles(
    paths.map((name) => ({
      path: name,
      before: before.get(name),
      after: after.get(name),
      lastReadable: readable.get(name),
    })),
  );
}

function readableSides(
  known: ReadonlyMap<string, FileSide> | undefined,
  loaded: LoadedDirectory,
): ReadonlyMap<string, FileSide> {
  const sides = filesOf(loaded).flatMap((file): (readonly [string, FileSide])[] => {
    const side = file.parsed?.value === undefined ? known?.get(file.path) : file;
    return side === undefined ? [] : [[file.path, side]];
  });
  return new Map(sides);
}
