import { judgeChecks } from '../../changes/checks/judge-checks.js';
import { CONFIG_PATH } from '../../files/config.js';
import { locateFindings } from '../../files/locate.js';
import type { Problem } from '../../model/problem.js';
import { textReader } from '../../repository/worktree.js';
import { loadFlags } from '../load-flags.js';
import type { Surroundings } from '../surroundings.js';
import { lastChangesOf } from './last-changes.js';

/** What was judged, and what is wrong with it. */
export interface Judged {
  /** By path, then line. */
  readonly problems: readonly Problem[];
  /** How many files were looked at. */
  readonly files: number;
  /** Their paths, in order. */
  readonly paths: readonly string[];
}

/** Judges every file of the work tree: what `load` says of it, and the checks. */
export async function judgeAll(folder: string, around: Surroundings): Promise<Judged> {
  const now = around.now();
  const loaded = await loadFlags(folder, now);
  const { problems, files, folders, orgs, config } = loaded;
  const lastChanges = await lastChangesOf({ folder, loaded }, around);
  const judged = judgeChecks({ config, orgs, problems, lastChanges, now });
  const findings = locateFindings(judged.findings, textReader(folder));
  const read = [...folders.values()].flatMap((org) => org.files).filter(({ parsed }) => parsed !== undefined);
  const paths = read.map((file) => file.path);
  return {
    problems: inOrder([...judged.problems, ...findings]),
    files,
    paths: files > paths.length ? [CONFIG_PATH, ...paths] : paths,
  };
}

/** By path, then line and column. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((one, other) =>
    one.path === other.path
      ? one.line - other.line || one.column - other.column
      : one.path < other.path
        ? -1
        : 1,
  );
}
