import { join } from 'node:path';
import { type Disk, machineDisk } from './disk.js';
import { expectedFailure } from './disk-failure.js';
import { ensureStateFolder } from './state-folder.js';

/** Tokens that are refused although they have not ended: their bearers logged out. */
export interface RevokedTokens {
  /** Whether the token of this id is refused. */
  has(id: string): boolean;
  /**
   * Refuses a token from now on in this process, and in each that starts later, after a crash too. Rejects with a `Failure` where the disk does not take it; the token
   * is good then.
   */
  revoke(token: RevokedToken): Promise<void>;
}

/** A token that is to be refused. */
export interface RevokedToken {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** From when on it is refused anyway, in epoch milliseconds. */
  readonly expiresAt: number;
}

const FOLDER = 'revoked-tokens';
const DAY = /^\d{4}-\d\d-\d\d$/;
/** What a crash left of a line stands before the one that was written next, so only the end of a line counts. */
const LINE_END = /[0-9a-f]{64}$/;
/** The last day that has a name of ten characters. */
const LAST_DAY = Date.UTC(9999, 11, 31);

/**
 * Opens the revoked tokens under the git folder: a file for each day on which some of them end, to which ids are only
 * appended, so that no process takes a line of another away; a file goes when its day is over. The files are read now
 * and not again: what another process on the same clone revokes meanwhile counts here after the next start. Throws where
 * one of them cannot be read: whom it names nobody could tell.
 */
export function openRevokedTokens({
  repository,
  now,
  disk = machineDisk,
}: {
  readonly repository: { readonly stateDir: string };
  /** The clock, in epoch milliseconds. */
  readonly now: () => number;
  readonly disk?: Disk;
}): RevokedTokens {
  const folder = join(repository.stateDir, FOLDER);
  const days = new Map<string, Set<string>>();
  for (const day of disk.list(folder).filter((name) => DAY.test(name))) {
    days.set(day, new Set(idsIn(disk.read(join(folder, day)))));
  }
  return {
    has: (id) => {
      for (const ids of days.values()) if (ids.has(id)) return true;
      return false;
    },
    revoke: async ({ id, expiresAt }) => {
      const day = dayOf(expiresAt);
      try {
        ensureStateFolder(repository, FOLDER);
        forgetBefore(dayOf(now()), { days, folder, disk });
        await appendDurably({ disk, folder, day, id });
      } catch (error) {
        throw expectedFailure(error) ?? error;
      }
      days.set(day, (days.get(day) ?? new Set()).add(id));
    },
  };
}

/** Flushes the file, and each folder that may be new in the one above it. */
async function appendDurably(line: {
  readonly disk: Disk;
  readonly folder: string;
  readonly day: string;
  readonly id: string;
}): Promise<void> {
  const { disk, folder, day, id } = line;
  const path = join(folder, day);
  disk.append(path, `${id}\n`);
  await disk.sync(path);
  await disk.sync(folder);
  await disk.sync(join(folder, '..'));
}

function forgetBefore(
  today: string,
  known: { readonly days: Map<string, Set<string>>; readonly folder: string; readonly disk: Disk },
): void {
  for (const day of [...known.days.keys()].filter((one) => one < today)) {
    known.disk.remove(join(known.folder, day));
    known.days.delete(day);
  }
}

function idsIn(bytes: Buffer | undefined): readonly string[] {
  const lines = bytes?.toString('latin1').split('\n').slice(0, -1) ?? [];
  return lines.flatMap((line) => LINE_END.exec(line)?.[0] ?? []);
}

/** The day in UTC, such as `2026-12-31`. */
function dayOf(time: number): string {
  return new Date(Math.min(time, LAST_DAY)).toISOString().slice(0, 10);
}
