import { join } from 'node:path';
import { type Disk, machineDisk } from './disk.js';
import { expectedFailure } from './disk-failure.js';
import { ensureStateFolder } from './state-folder.js';

/** Tokens that are refused although they have not ended: their bearers logged out. */
export interface RevokedTokens {
  /** Whether the token of this id is refused. Asks no disk. */
  has(id: string): boolean;
  /**
   * Refuses a token from now on in this process, within a second in others on the same clone, and in each that starts later,
   * after a crash too. Rejects with a `Failure` where the disk does not take it; the token may be good then.
   */
  revoke(token: RevokedToken): Promise<void>;
  /** The ids of those that have not ended, by the day (UTC, `2026-12-31`) on which they do. */
  all(): RevokedByDay;
  /** Refuses those too, from what other clones know. Rejects as `revoke` does. */
  learn(others: RevokedByDay): Promise<void>;
  /** Calls back when a token was revoked in this process. Returns how to stop that. */
  onRevoke(listener: () => void): () => void;
  /** Looks no more for what others revoke. */
  close(): void;
}

/** Ids of tokens by the last day (UTC) on which they could be good. */
export type RevokedByDay = ReadonlyMap<string, ReadonlySet<string>>;

/** A token that is to be refused. */
export interface RevokedToken {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** From when on it is refused anyway, in epoch milliseconds. */
  readonly expiresAt: number;
}

const FOLDER = 'revoked-tokens';
/** The name of a day, as files and others have it. */
export const DAY = /^\d{4}-\d\d-\d\d$/;
/** What a crash left of a line stands before the one that was written next, so only the end of a line counts. */
const LINE_END = /[0-9a-f]{64}$/;
/** The last day that has a name of ten characters. */
const LAST_DAY = Date.UTC(9999, 11, 31);

/** How often it is looked for what other processes revoked, in milliseconds. */
const LOOK_MS = 500;

/** The ids of a day, and how long its file was when they were read. */
interface Day {
  readonly ids: Set<string>;
  size: bigint;
}

/** What is known of the files. */
interface Known {
  readonly days: Map<string, Day>;
  readonly folder: string;
  readonly disk: Disk;
}

/**
 * Opens the revoked tokens under the git folder: a file for each day on which some of them end, to which ids are only
 * appended, so that no process takes a line of another away; a file goes when its day is over. Files that others made
 * longer are read again in the background. Throws where one of them cannot be read now: whom it names nobody could tell.
 * What the disk refuses later is told to `log`, once until it is read again.
 */
export function openRevokedTokens({
  repository,
  now,
  log,
  disk = machineDisk,
}: {
  readonly repository: { readonly stateDir: string };
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly disk?: Disk;
}): RevokedTokens {
  const folder = join(repository.stateDir, FOLDER);
  const days: Known['days'] = new Map();
  const known = { days, folder, disk };
  readLonger(known);
  const timer = lookOften(known, log);
  const listeners = new Set<() => void>();
  const add = async (more: RevokedByDay): Promise<void> => {
    try {
      ensureStateFolder(repository, FOLDER);
      forgetBefore(dayOf(now()), known);
      for (const [day, ids] of more) await appendDurably({ disk, folder, day, ids });
    } catch (error) {
      throw expectedFailure(error) ?? error;
    }
    for (const [day, ids] of more) for (const id of ids) dayIn(days, day).ids.add(id);
  };
  return {
    has: (id) => {
      for (const { ids } of days.values()) if (ids.has(id)) return true;
      return false;
    },
    revoke: async ({ id, expiresAt }) => {
      await add(new Map([[dayOf(expiresAt), new Set([id])]]));
      for (const listener of listeners) listener();
    },
    all: () => new Map([...days].filter(([day]) => day >= dayOf(now())).map(([day, { ids }]) => [day, ids])),
    learn: async (others) => {
      const more = unknownOf(others, days, dayOf(now()));
      if (more.size > 0) await add(more);
    },
    onRevoke: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => clearInterval(timer),
  };
}

/** What is not known yet of the days that are not over. */
function unknownOf(others: RevokedByDay, days: Known['days'], today: string): RevokedByDay {
  const current = [...others].filter(([day]) => day >= today);
  const fresh = current.map(([day, ids]): [string, Set<string>] => {
    const known = days.get(day)?.ids;
    return [day, new Set([...ids].filter((id) => known?.has(id) !== true))];
  });
  return new Map(fresh.filter(([, ids]) => ids.size > 0));
}

function lookOften(known: Known, log: (line: string) => void): NodeJS.Timeout {
  let isTold = false;
  return setInterval(() => {
    try {
      readLonger(known);
      isTold = false;
    } catch (error) {
      if (!isTold) log(`who logged out elsewhere is not known: ${error}`);
      isTold = true;
    }
  }, LOOK_MS).unref();
}

/** Reads the files that are not as long as they were. What they grow by meanwhile is read the next time. */
function readLonger({ days, folder, disk }: Known): void {
  for (const name of disk.list(folder).filter((one) => DAY.test(one))) {
    const path = join(folder, name);
    const size = disk.stat(path)?.size;
    if (size === undefined || size === days.get(name)?.size) continue;
    const ids = idsIn(disk.read(path));
    const day = dayIn(days, name);
    for (const id of ids) day.ids.add(id);
    day.size = size;
  }
}

function dayIn(days: Known['days'], name: string): Day {
  const day = days.get(name) ?? { ids: new Set(), size: 0n };
  days.set(name, day);
  return day;
}

/** Flushes the file, and each folder that may be new in the one above it. */
async function appendDurably(lines: {
  readonly disk: Disk;
  readonly folder: string;
  readonly day: string;
  readonly ids: Iterable<string>;
}): Promise<void> {
  const { disk, folder, day, ids } = lines;
  const path = join(folder, day);
  disk.append(path, [...ids].map((id) => `${id}\n`).join(''));
  await disk.sync(path);
  await disk.sync(folder);
  await disk.sync(join(folder, '..'));
}

function forgetBefore(today: string, { days, folder, disk }: Known): void {
  for (const day of [...days.keys()].filter((one) => one < today)) {
    disk.remove(join(folder, day));
    days.delete(day);
  }
}

/** The ids in a file of them. */
export function idsIn(bytes: Buffer | undefined): readonly string[] {
  const lines = bytes?.toString('latin1').split('\n').slice(0, -1) ?? [];
  return lines.flatMap((line) => LINE_END.exec(line)?.[0] ?? []);
}

/** The day in UTC, such as `2026-12-31`. */
function dayOf(time: number): string {
  return new Date(Math.min(time, LAST_DAY)).toISOString().slice(0, 10);
}
