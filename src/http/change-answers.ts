import { sentencesOf } from '../changes/difference-files.js';
import type { HistoryCommit, HistoryEntry } from '../repository/commit-history.js';
import { timeOf } from '../repository/commit-time.js';
import type { Preview, WriteResult } from '../repository/write-request.js';
import { shownDiff, toldDifferences } from './cut-answers.js';
import type { Reply } from './route.js';
import { headersOfWrite } from './write-headers.js';

/** Where changes are asked for. */
const CHANGES = '/api/v1/changes';

/** A write in this dialect: 201 for a commit, 200 where the files said so already. */
export function writtenReply(result: WriteResult, headers: Readonly<Record<string, string>> = {}): Reply {
  const { commit, changed, differences, warnings } = result;
  const location: Readonly<Record<string, string>> = changed ? { Location: `${CHANGES}/${commit}` } : {};
  return {
    status: changed ? 201 : 200,
    headers: { ...headers, ...headersOfWrite(result), ...location },
    body: {
      commit,
      changed,
      ...toldDifferences(differences),
      warnings,
      files: result.paths.map((path) => ({ path, blob: result.blobs.get(path) ?? null })),
    },
  };
}

/** What a write would do, in this dialect. */
export async function previewReply(preview: Preview): Promise<Reply> {
  const { base, changed, files, differences, problems, warnings, brokenTests, refusals } = preview;
  const told = toldDifferences(differences);
  const { diff, isCut } = await shownDiff(files);
  return {
    status: 200,
    body: {
      dryRun: true,
      base,
      changed,
      diff,
      ...told,
      problems,
      warnings,
      brokenTests,
      refusals,
      isCut: told.isCut || isCut,
    },
  };
}

/** A commit and what it did. */
export function shownEntry(entry: HistoryEntry): object {
  const { commit, files, differences, merged, isCut, isCutOff } = entry;
  return {
    ...shownCommit(commit),
    sentences: sentencesOf(differences),
    differences,
    files: files.map(shownFile),
    merged: merged.map(namedCommit),
    isCut,
    isCutOff,
  };
}

/** A commit by name, where what it did is told elsewhere. */
export function namedCommit({ oid, author, seconds, subject }: HistoryCommit): object {
  return { commit: oid, author, committedAt: timeOf(seconds), subject };
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
