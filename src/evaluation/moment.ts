const MOMENT =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * The moment in epoch milliseconds: of a number, itself; of RFC 3339 text with its offset, what it says (a leap second
 * counts as the next second). Undefined for anything else, days that no calendar has among them.
 */
export function parseMoment(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  const parts = typeof value === 'string' ? MOMENT.exec(value) : null;
  if (parts === null) return undefined;
  const midnight = startOfDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  const time = timeOfDay(Number(parts[4]), Number(parts[5]), Number(parts[6]));
  const offset = timeOfDay(Number(parts[9] ?? 0), Number(parts[10] ?? 0), 0);
  if (midnight === undefined || time === undefined || offset === undefined) return undefined;
  const fraction = Math.floor(Number(`0.${parts[7] ?? '0'}`) * 1000);
  return midnight + time + fraction - (parts[8] === '-' ? -offset : offset);
}

/** The first moment, in epoch milliseconds, after this day (`2027-01-31`) has ended in UTC; undefined where there is no such day. */
export function endOfDay(day: string): number | undefined {
  const parts = DAY.exec(day);
  if (parts === null) return undefined;
  const midnight = startOfDay(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return midnight === undefined ? undefined : midnight + DAY_MS;
}

function startOfDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}

function timeOfDay(hours: number, minutes: number, seconds: number): number | undefined {
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  return (hours * 60 + minutes) * MINUTE_MS + seconds * 1000;
}
