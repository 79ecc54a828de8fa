/** A remote that does not answer is asked less and less often, down to this. */
const LONGEST_WAIT_MS = 30_000;
/** Doubled more often, any interval is longer than that. */
const MOST_DOUBLINGS = 10;
/** So much of an interval is left to chance: replicas that started together do not ask together for ever. */
const JITTER = 0.1;

/**
 * How long to wait until the remote is asked again, in milliseconds: never longer than `pollMs` where it answers, so that
 * news is served within that and the time that a fetch takes. After failures longer each time, and half of it by chance:
 * all replicas lost it at once, and it has to come up again under their questions.
 */
export function delayBeforeAsking(asked: {
  readonly pollMs: number;
  readonly failuresInARow: number;
  /** From 0 to 1. */
  readonly chance: number;
}): number {
  const { pollMs, failuresInARow, chance } = asked;
  if (failuresInARow === 0) return pollMs * (1 - JITTER * chance);
  const doubled = pollMs * 2 ** Math.min(failuresInARow - 1, MOST_DOUBLINGS);
  return Math.min(doubled, Math.max(pollMs, LONGEST_WAIT_MS)) * (1 - chance / 2);
}
