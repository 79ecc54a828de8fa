import { readFileSync } from 'node:fs';

/** A time in which the event loop turned to nobody else. */
export interface Turn {
  /** What this thread worked meanwhile: nothing else that the machine does makes it longer. */
  readonly workedMs: number;
  /** The span by the clock on the wall: with the time in which others had the processor, or the disk. */
  readonly wallMs: number;
  /** When it ended, in epoch milliseconds. */
  readonly endedAt: number;
}

const TICK_MS = 5;
const KEPT = 5;

/**
 * Watches this process's event loop by a timer that wants to tick all the time, and gives a function that tells the
 * longest turns so far, by what was worked in them: on a busy machine a process stands still for as long as another has
 * the processor.
 */
export function watchTurns(): () => readonly Turn[] {
  let longest: readonly Turn[] = [];
  let last = performance.now();
  let worked = workedMs();
  const tick = (): void => {
    const now = performance.now();
    const nowWorked = workedMs();
    const wallMs = now - last - TICK_MS;
    const turn = { wallMs, workedMs: Math.min(wallMs, nowWorked - worked), endedAt: Date.now() };
    [last, worked] = [now, nowWorked];
    if (longest.length === KEPT && turn.workedMs <= (longest.at(-1)?.workedMs ?? 0)) return;
    longest = [...longest, turn].sort((one, other) => other.workedMs - one.workedMs).slice(0, KEPT);
  };
  setInterval(tick, TICK_MS).unref();
  return () => longest;
}

/** How long this thread has had a processor, in milliseconds; of the whole process, where only that is known. */
function workedMs(): number {
  try {
    const [workedNs = '0'] = readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ');
    return Number(workedNs) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  }
}
