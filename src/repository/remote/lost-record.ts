import { createHash } from 'node:crypto';
import type { Change } from '../../changes/change.js';
import { Failure } from '../../model/failure.js';
import { expectedFailure } from '../disk-failure.js';
import { type LostRecord, type PendingRecord, pendingChange } from './pending-file.js';

/** Why something is lost, and when, in epoch milliseconds. */
export interface Loss {
  readonly reason: unknown;
  readonly lostAt: number;
}

/** One that cannot be made again. Throws the reason where that says nothing about the change. */
export function lostRecord(record: PendingRecord, { reason, lostAt }: Loss): LostRecord {
  refusePassing(reason);
  const told = reason instanceof Failure ? reason : undefined;
  return {
    ...pendingChange(record),
    number: record.number,
    lostAt,
    code: told?.code ?? 'BUG',
    message: told?.message ?? 'it could not be made again, which is a mistake of this program',
  };
}

/** The same of one whose kills are pending still, under its id. Another try comes to the same id. */
export function lostRest(record: PendingRecord, rest: readonly Change[], loss: Loss): LostRecord {
  const request = { ...record.request, changes: rest };
  const id = createHash('sha256')
    .update(`${record.id} ${record.commits.at(-1)}`)
    .digest('hex')
    .slice(0, 16);
  const lost = lostRecord({ ...record, id, request }, loss);
  return { ...lost, message: `${lost.message}; only its kills were made again` };
}

/** One that was taken off on purpose. A crash in the middle leaves it among those that are lost. */
export function withdrawn(record: PendingRecord, lostAt: number): LostRecord {
  const why = { code: 'CHANGE_WITHDRAWN', message: 'it was taken off, because the remote refused it' };
  return { ...pendingChange(record), number: record.number, lostAt, ...why };
}

/** Kinds of failures that say something about the machine or the moment, and nothing about the change. */
const PASSING = ['busy', 'full', 'limited'];

/** Throws what says something about the machine or the moment. */
export function refusePassing(error: unknown): void {
  const failure = expectedFailure(error);
  if (failure !== undefined && PASSING.includes(failure.kind)) throw failure;
}
