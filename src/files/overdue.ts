import { endOfDay } from '../evaluation/check.js';
import type { FlagFile } from '../model/flag.js';
import type { OverridesFile } from '../model/override.js';
import { type Issue, warningAt } from './issue.js';

const DAY_MS = 86_400_000;

/** A warning where the day after which the flag was to be gone is past. */
export function judgeExpiry({ expires }: FlagFile, now: number): Issue[] {
  if (!isPast(expires, now)) return [];
  return [warningAt(['expires'], 'EXPIRED', `the flag expired on ${expires}; remove it or move the day`)];
}

/** A warning for each override whose last day is past. */
export function judgeUntil(overrides: OverridesFile, now: number): Issue[] {
  return overrides.flatMap(({ until }, place) =>
    isPast(until, now)
      ? [warningAt([place, 'until'], 'PAST_UNTIL', `the override ended with ${until}; it counts no more`)]
      : [],
  );
}

/** The day of a moment, as a number: within one, nothing new is past. */
export function dayOf(now: number): number {
  return Math.floor(now / DAY_MS);
}

function isPast(day: string | undefined, now: number): boolean {
  const end = day === undefined ? undefined : endOfDay(day);
  return end !== undefined && end <= now;
}
