import type { HistoryCommit } from '../../repository/commit-history.js';
import type { Surroundings } from '../surroundings.js';

/** How many digits of a commit people are shown: git takes them back. */
const SHORT_DIGITS = 7;

/** `3f2a9c1` */
export function shortCommit(oid: string): string {
  return oid.slice(0, SHORT_DIGITS);
}

/** A commit, and whether what it is said to have done may be of an earlier one that the clone does not have. */
interface Told {
  readonly commit: HistoryCommit;
  readonly isCutOff: boolean;
}

/** `3f2a9c1`, or `^3f2a9c1` where the clone begins there: git blame marks it so too. */
export function markedCommit({ commit, isCutOff }: Told): string {
  return `${isCutOff ? '^' : ''}${shortCommit(commit.oid)}`;
}

/** Says what the mark means, where one was shown. */
export function warnOfCut(told: readonly Told[], around: Surroundings): void {
  if (!told.some(({ isCutOff }) => isCutOff)) return;
  around.warn('^ it, or an earlier commit, which this clone lacks: `git fetch --unshallow` brings it');
}

/** `2026-01-15T10:00:00Z`: a moment that every command takes for a revision. */
export function dateOf({ seconds }: HistoryCommit): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

/** A commit by name, as `--json` prints it. */
export function namedData(commit: HistoryCommit) {
  const { oid, author, subject } = commit;
  return { commit: oid, date: dateOf(commit), author: { name: author.name, email: author.email }, subject };
}

/** A commit as `--json` prints it. */
export function commitData({ commit, isCutOff }: Told) {
  const { body, reason, force } = commit;
  return {
    ...namedData(commit),
    body,
    reason: reason ?? null,
    force: force ?? null,
    isCutOff,
  };
}
