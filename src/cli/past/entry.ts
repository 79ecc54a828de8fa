import type { HistoryCommit } from '../../repository/commit-history.js';

/** How many digits of a commit people are shown: git takes them back. */
const SHORT_DIGITS = 7;

/** `3f2a9c1` */
export function shortCommit(oid: string): string {
  return oid.slice(0, SHORT_DIGITS);
}

/** `2026-01-15T10:00:00Z`: a moment that every command takes for a revision. */
export function dateOf({ seconds }: HistoryCommit): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
}

/** A commit as `--json` prints it. */
export function commitData(commit: HistoryCommit) {
  const { oid, author, subject, body, reason, force } = commit;
  return {
    commit: oid,
    date: dateOf(commit),
    author: { name: author.name, email: author.email },
    subject,
    body,
    reason: reason ?? null,
    force: force ?? null,
  };
}
