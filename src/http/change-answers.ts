import { sentencesOf } from '../changes/difference-files.js';
import { unifiedDiff } from '../changes/text-diff.js';
import type { HistoryCommit, HistoryEntry } from '../repository/commit-history.js';
import type { Preview, WriteResult } from '../repository/write-request.js';
import type { Reply } from './route.js';
import { timeOf } from './times.js';
import { headersOfWrite } from './write-headers.js';

/** Where changes are asked for. */
export const CHANGES = '/api/v1/changes';

/** How many files and differences of one commit a list shows; a commit that brings a whole repository has thousands. */
const LISTED = 100;

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
  const { base, changed, files, differences, problems, brokenTests } = preview;
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
    },
  };
}

/** A commit and what it did, as a list shows it. */
export function listedEntry(entry: HistoryEntry): object {
  const { commit, files, differences } = entry;
  return {
    ...shownCommit(commit),
    sentences: sentencesOf(differences.slice(0, LISTED)),
    differences: differences.slice(0, LISTED),
    files: files.slice(0, LISTED).map(shownFile),
    isCut: files.length > LISTED || differences.length > LISTED,
  };
}

/** A commit and all that it did. */
export function wholeEntry({ commit, files, differences }: HistoryEntry, diff: string): object {
  return {
    ...shownCommit(commit),
    sentences: sentencesOf(differences),
    differences,
    files: files.map(shownFile),
    diff,
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
