import { isGranted } from '../model/permission.js';
import type { CommitHistory, HistoryCommit, HistoryEntry } from '../repository/commit-history.js';
import type { FlagCache, ServedOrg } from '../repository/served.js';
import { withoutWords } from '../repository/version-texts.js';
import type { Caller } from './access.js';
import { grantsIn } from './authorize.js';

/** What is shown of the past. */
export type ShownHistory = Pick<CommitHistory, 'page' | 'entryOf' | 'laterThan' | 'blame'>;

/**
 * The history in the words that this caller may read: all that shows commits to callers asks it, never the cache's own.
 * The message of a commit that touched several organizations is one text for all of them, so those who may not read the
 * past of each get a sentence in its place that says why.
 */
export function historyFor(cache: FlagCache, caller: Caller): ShownHistory {
  const { history } = cache;
  const worded = (commit: HistoryCommit): HistoryCommit =>
    commit.orgs.every((org) => mayRead(cache, caller, org)) ? commit : withoutWords(commit);
  const wordedEntry = (entry: HistoryEntry): HistoryEntry => ({
    ...entry,
    commit: worded(entry.commit),
    merged: entry.merged.map(worded),
    mergedBy: entry.mergedBy && worded(entry.mergedBy),
  });
  return {
    page: async (query) => {
      const { total, entries } = await history.page(query);
      return { total, entries: entries.map(wordedEntry) };
    },
    entryOf: async (...asked) => {
      const entry = await history.entryOf(...asked);
      return entry && wordedEntry(entry);
    },
    laterThan: (...asked) => history.laterThan(...asked).map(worded),
    blame: async (flag) => {
      const lines = await history.blame(flag);
      return lines.map((line) => ({
        ...line,
        commit: worded(line.commit),
        mergedBy: line.mergedBy && worded(line.mergedBy),
      }));
    },
  };
}

/** Whether the past of something in that organization is for the caller. One that is gone is for those who see all. */
function mayRead({ orgs }: FlagCache, caller: Caller, org: string): boolean {
  if (caller.kind === 'anonymous') return true;
  if (caller.kind === 'key') return caller.org === org;
  if (caller.identity.isSuperAdmin) return true;
  const served = (orgs as ReadonlyMap<string, ServedOrg>).get(org);
  const grants = served && grantsIn(caller, served.snapshot);
  return grants !== undefined && (isGranted(grants, { may: 'manage-org' }) || grants.projects.size > 0);
}
