import { permissionsOf } from '../../changes/change-permissions.js';
import type { Disk } from '../disk.js';
import type { WriteRequest } from '../write-request.js';
import type { LostChange, PendingChange, RemoteRef } from './remote.js';

/** A write that was acknowledged, or is about to be, and that the remote does not have: all that it takes to make it again. */
export interface PendingRecord {
  /** 16 hexadecimal digits. */
  readonly id: string;
  /** Its place among all of them: they are made again in this order. */
  readonly number: number;
  /** What does not have it. */
  readonly remote: RemoteRef;
  /** The newest commit of the remote that was known when it was made: that one cannot have it. Undefined where none was. */
  readonly tip: string | undefined;
  /** The commits that it has been, the newest last. Each of them may have reached the remote. */
  readonly commits: readonly string[];
  /** The first line of its commit's message. */
  readonly subject: string;
  readonly request: WriteRequest;
  /** When it was written, in seconds since 1970: its author's date, whatever commit it becomes. */
  readonly seconds: number;
  /** When it was acknowledged, in epoch milliseconds. */
  readonly since: number;
}

/** A change that was lost, with the number of what it was. */
export interface LostRecord extends LostChange {
  readonly number: number;
}

/** So many commits are kept of each: a former one of long ago can no longer arrive. */
const COMMITS_KEPT = 20;

/** The bytes of a record's file, of either kind. */
export function recordBytes(record: PendingRecord | LostRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}

/** A record's file, or undefined where a crash left half of it, or nothing is there. */
export function readRecord<Content extends PendingRecord | LostRecord>(
  disk: Disk,
  path: string,
): Content | undefined {
  const text = disk.read(path)?.toString();
  // The line end is written last.
  return text?.endsWith('}\n') ? (JSON.parse(text) as Content) : undefined;
}

/** What a pending change becomes. */
export interface Remade {
  /** The commit that has it now. */
  readonly commit: string;
  /** Set where only a part of it could be made again: what it is from now on. */
  readonly part?: Pick<PendingRecord, 'request' | 'subject'> | undefined;
}

/** The record, once it is another commit. Those that the branch has stay: whether it moves is not known before it does. */
export function withCommit(
  record: PendingRecord,
  commit: string,
  isHere: (commit: string) => boolean,
): PendingRecord {
  const former = record.commits.filter((oid) => oid !== commit);
  const tooMany = Math.max(0, former.length + 1 - COMMITS_KEPT);
  const dropped = new Set(former.filter((oid) => !isHere(oid)).slice(0, tooMany));
  return { ...record, commits: [...former.filter((oid) => !dropped.has(oid)), commit] };
}

/** Of what is not followed any more: nothing is made again there, and it is nowhere else. */
export function heldChange(record: PendingRecord, followed: RemoteRef): LostChange {
  const message = `it was made for ${shownRef(record.remote)}, which is not followed any more: follow that again, or make it again for ${shownRef(followed)} and take this one off the list`;
  return { ...pendingChange(record), lostAt: record.since, code: 'REMOTE_CHANGED', message };
}

function shownRef({ url, ref }: RemoteRef): string {
  return `${ref.replace('refs/heads/', '')} of ${url}`;
}

/** What is told of it. */
export function pendingChange({ id, commits, request, subject, since }: PendingRecord): PendingChange {
  const { org, author, changes } = request;
  return {
    ...{ id, org, subject, since },
    commit: commits.at(-1) ?? '',
    author: `${author.name} <${author.email}>`,
    needs: changes.flatMap(permissionsOf),
  };
}
