import type { Difference } from '../changes/difference.js';
import { sentencesOf } from '../changes/difference-files.js';
import type { BlameLine, HistoryCommit, HistoryEntry } from '../repository/commit-history.js';
import { timeOf } from '../repository/commit-time.js';
import { IN_LIST } from './cut-answers.js';
import { revisionOf } from './feature-flag-answers.js';
import type { FeatureFlagOptions } from './feature-flag-asked.js';
import { findPastFlag } from './feature-flag-past.js';
import { flagPaths } from './flag-paths.js';
import { readOffset } from './offset.js';
import type { Asked, Reply } from './route.js';
import { historyFor } from './withheld-words.js';

/** GET: each commit that changed the flag, its overrides or its tests, newest first; of one that is gone too. */
export async function history(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const { offset, limit } = readOffset(asked.query);
  const { name } = findPastFlag(options, asked, 'view-project');
  const past = historyFor(options.cache, asked.caller);
  const { total, entries } = await past.page({ under: flagPaths(name), offset, limit, ...IN_LIST });
  const body = { data: entries.map(shownEntry), pagination: { limit, offset, total } };
  return { status: 200, headers: revisionOf(options.cache), body };
}

/** So many lines are shown: overrides may name tens of thousands. */
const BLAME_LINES = 1_000;

/** GET: who last changed each part that the flag has now, and why; nothing for a flag that is gone. */
export async function blame(options: FeatureFlagOptions, asked: Asked): Promise<Reply> {
  const { name } = findPastFlag(options, asked, 'view-project');
  const lines = await historyFor(options.cache, asked.caller).blame(name);
  const data = lines.slice(0, BLAME_LINES).map(shownLine);
  const body = { data, total: lines.length, is_cut: data.length < lines.length };
  return { status: 200, headers: revisionOf(options.cache), body };
}

/** One difference in the words of this dialect. What was or is nothing has no field for it. */
export function shownDifference(difference: Difference): object {
  const { part, environment = null, action, before, after, sentence } = difference;
  return {
    part,
    environment,
    action,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    sentence,
  };
}

function shownEntry(entry: HistoryEntry): object {
  const { commit, files, differences, merged, isCut, isCutOff } = entry;
  return {
    ...shownCommit(commit),
    message: commit.body,
    force: commit.force ?? null,
    sentences: sentencesOf(differences),
    changes: differences.map(shownDifference),
    files: files.map(({ path, before, after }) => ({ path, before: before ?? null, after: after ?? null })),
    merged: merged.map(namedCommit),
    is_cut: isCut,
    is_cut_off: isCutOff,
  };
}

function shownLine({ part, environment, sentence, commit, mergedBy, isCutOff }: BlameLine): object {
  return {
    part,
    environment: environment ?? null,
    sentence,
    ...shownCommit(commit),
    merged_by: mergedBy === undefined ? null : namedCommit(mergedBy),
    is_cut_off: isCutOff,
  };
}

function shownCommit(commit: HistoryCommit): object {
  return { ...namedCommit(commit), reason: commit.reason ?? null };
}

function namedCommit({ oid, author, seconds, subject }: HistoryCommit): object {
  return { commit: oid, author, committed_at: timeOf(seconds), subject };
}
