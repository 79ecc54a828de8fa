import type { Difference } from '../../changes/difference.js';
import type { CommitHistory, HistoryCommit, HistoryEntry } from '../../repository/commit-history.js';
import type { GitRepository } from '../../repository/git.js';
import type { AnswerAt } from './answers.js';
import type { Found, Search } from './search.js';

/** The commit that ended the expected answer, and what it did to what the flag asks. */
export interface Culprit {
  readonly commit: HistoryCommit;
  readonly before: AnswerAt;
  readonly after: AnswerAt;
  readonly differences: readonly Difference[];
  /** Where a merge brought it: that one. */
  readonly mergedBy: HistoryCommit | undefined;
  readonly isCutOff: boolean;
}

/** What the commit is looked for with. */
interface CulpritInput {
  readonly repository: GitRepository;
  readonly history: Pick<CommitHistory, 'entryOf'>;
  readonly search: Pick<Search, 'ask' | 'isMet'>;
}

/**
 * The commit itself; of a merge the newest of those that it brought which ended the answer where they were made. Where none
 * did alone, it was the merge.
 */
export async function findCulprit(
  input: CulpritInput,
  found: Extract<Found, { readonly kind: 'ended' }>,
): Promise<Culprit> {
  const under = [...new Set([...found.before.reach, ...found.after.reach])];
  const { oid } = found.commit;
  // What let another commit take effect may have touched none of these.
  const entry = (await input.history.entryOf(oid, under)) ?? (await input.history.entryOf(oid));
  const brought = entry && (await findBrought(input, entry, under));
  if (brought !== undefined) return { ...brought, mergedBy: found.commit };
  const { differences = [], isCutOff = false } = entry ?? {};
  return { ...found, differences, isCutOff, mergedBy: undefined };
}

async function findBrought(
  { repository, history, search }: CulpritInput,
  { merged }: HistoryEntry,
  under: readonly string[],
): Promise<Omit<Culprit, 'mergedBy'> | undefined> {
  for (const commit of merged) {
    const [parent] = (await repository.readCommit(commit.oid)).parents;
    if (parent === undefined) continue;
    const after = await search.ask(commit);
    if (search.isMet(after)) continue;
    const { committer } = await repository.readCommit(parent);
    const before = await search.ask({ oid: parent, seconds: committer.seconds });
    if (!search.isMet(before)) continue;
    const entry = await history.entryOf(commit.oid, under);
    return { commit, before, after, differences: entry?.differences ?? [], isCutOff: false };
  }
  return undefined;
}
