import { sentencesOf } from '../changes/difference-files.js';
import { unifiedDiff } from '../changes/text-diff.js';
import type { HistoryCommit, HistoryEntry } from '../repository/commit-history.js';
import type { Preview, WriteResult } from '../repository/write-request.js';
import type { Reply } from './route.js';
import { timeOf } from './times.js';
import { headersOfWrite } from './write-headers.js';

/** Where changes are asked for. */
export const CHANGES = '/api/v1/changes';

/** How many files and differences of a commit are shown: one that brings a whole repository has thousands. */
const SHOWN = { inList: 100, alone: 1_000 };

/** A write in this dialect: 201 for a commit, 200 where the files said so already. */
export function writtenReply(result: WriteResult, headers: Readonly<Record<string, string>> = {}): Reply {
  const { commit, changed, differences } = result;
  const location: Readonly<Record<string, string>> = changed ? { Location: `${CHANGES}/${commit}` } : {};
  return {
    status: changed ? 201 : 200,
    headers: { ...headers, ...headersOfWrite(result), ...location },
    body: {
      commit,
      changed,
      sentences: sentencesOf(differences),
      differences,
      files: result.paths.map((path) => ({ path, blob: result.blobs.get(path) ?? null })),
    },
  };
}

/** What a write would do, in this dialect. */
export function previewReply(preview: Preview): Reply {
  const { base, changed, files, differences, problems, brokenTests, refusals } = preview;
  return {
    status: 200,
    body: {
      dryRun: true,
      base,
      changed,
      diff: unifiedDiff(files),
      sentences: sentencesOf(differences),
      differences,
      problems,
      brokenTests,
      refusals,
    },
  };
}

/** A commit and what it did, as a list shows it. */
export function listedEntry(entry: HistoryEntry): object {
  return shownEntry(cutEntry(entry, SHOWN.inList), isLonger(entry, SHOWN.inList));
}

/** A commit and what it did, with the diff of what is shown. */
export function singleEntry(entry: HistoryEntry, diff: string): object {
  return { ...shownEntry(shownAlone(entry), isLonger(entry, SHOWN.alone)), diff };
}

/** As much of a commit as is shown of it alone. */
export function shownAlone(entry: HistoryEntry): HistoryEntry {
  return cutEntry(entry, SHOWN.alone);
}

function cutEntry(entry: HistoryEntry, most: number): HistoryEntry {
  return { ...entry, files: entry.files.slice(0, most), differences: entry.differences.slice(0, most) };
}

function isLonger({ files, differences }: HistoryEntry, most: number): boolean {
  return files.length > most || differences.length > most;
}

function shownEntry({ commit, files, differences }: HistoryEntry, isCut: boolean): object {
  return {
    ...shownCommit(commit),
    sentences: sentencesOf(differences),
    differences,
    files: files.map(shownFile),
    isCut,
  };
}

/** Null for what was not said. */
function shownCommit(commit: HistoryCommit): object {
  return {
    commit: commit.oid,
    author: commit.author,
    committedAt: timeOf(commit.seconds),
    subject: commit.subject,
    message: commit.body,
    reason: commit.reason ?? null,
    force: commit.force ?? null,
  };
}

/** Null for what was not there. */
function shownFile({ path, before, after }: HistoryEntry['files'][number]): object {
  return { path, before: before ?? null, after: after ?? null };
}
