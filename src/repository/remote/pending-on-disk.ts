import { join } from 'node:path';
import { machineDisk } from '../disk.js';
import { type LostRecord, type PendingRecord, pendingChange, readRecord } from './pending-file.js';
import type { LostChange, PendingChange } from './remote.js';

/** What a server keeps of changes that the remote does not have, as its files say. */
export interface PendingOnDisk {
  /** The oldest first. */
  readonly pending: readonly PendingChange[];
  /** The newest first. */
  readonly lost: readonly LostChange[];
}

/** Reads it for whoever only looks: a server may be writing there, so nothing is tidied up. */
export function readPendingOnDisk({ stateDir }: { readonly stateDir: string }): PendingOnDisk {
  const folder = join(stateDir, 'pending');
  return {
    pending: recordsIn<PendingRecord>(folder)
      .sort((one, other) => one.number - other.number)
      .map(pendingChange),
    lost: recordsIn<LostRecord>(join(folder, 'lost')).sort((one, other) => other.lostAt - one.lostAt),
  };
}

function recordsIn<Content extends PendingRecord | LostRecord>(folder: string): Content[] {
  const names = machineDisk.list(folder).filter((name) => name.endsWith('.json'));
  return names.flatMap((name) => readRecord<Content>(machineDisk, join(folder, name)) ?? []);
}
