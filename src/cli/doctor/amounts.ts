const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** How long something has been so, as people say it: `3 hours`. */
export function ageText(ms: number): string {
  const [amount, unit] = inUnits(Math.max(ms, 0));
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`;
}

/** `4.2 GB`: thousands, as disks are sold. */
export function sizeText(bytes: number): string {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1_000 && unit < UNITS.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return `${amount >= 10 || unit === 0 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[unit]}`;
}

/** A number of them is named from two units on: 90 minutes say more than one hour. */
function inUnits(ms: number): readonly [number, string] {
  if (ms >= 2 * DAY_MS) return [Math.floor(ms / DAY_MS), 'day'];
  if (ms >= 2 * HOUR_MS) return [Math.floor(ms / HOUR_MS), 'hour'];
  if (ms >= 2 * MINUTE_MS) return [Math.floor(ms / MINUTE_MS), 'minute'];
  return [Math.floor(ms / 1_000), 'second'];
}
