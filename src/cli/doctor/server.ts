import { machineDisk } from '../../repository/disk.js';
import { InstanceLock } from '../../repository/instance-lock.js';
import { Journal } from '../../repository/journal.js';
import { readServerNote } from '../../repository/server-note.js';
import { shortCommit } from '../past/entry.js';
import type { Finding, Patient } from './finding.js';

/** A server answers health at once, whatever it does. */
const PATIENCE_MS = 2_000;

/** What `/health` tells callers of this machine; a server that is closed to them tells the status alone. */
interface Health {
  readonly status: string;
  readonly revision?: string | null;
  readonly trouble?: string | null;
}

/** Whether a server runs for this clone, whether it answers, and who else writes to it. */
export async function examineServer(patient: Patient): Promise<readonly Finding[]> {
  const note = readServerNote(patient.repository);
  if (note !== undefined) return [await askHealth(patient, note)];
  return [examineWriter(patient), ...examineJournal(patient)];
}

/** While a server runs, an entry is a write that it is making. */
function examineJournal({ repository: { stateDir } }: Patient): readonly Finding[] {
  const entry = new Journal(machineDisk, stateDir).read();
  if (entry === undefined) return [];
  const message = `a write to ${entry.branch} was cut off (${shortCommit(entry.newCommit)}); git may show its files as changed`;
  return [
    {
      level: 'warning',
      about: 'server',
      message,
      remedy: 'flagstaff serve   # finishes it, or takes it back',
    },
  ];
}

function examineWriter({ repository: { stateDir }, now }: Patient): Finding {
  const owner = new InstanceLock({ disk: machineDisk, stateDir, now: () => now }).owner;
  if (owner?.isAlive) {
    const message = `process ${owner.pid} on ${owner.host} writes to this clone, and no server is noted here`;
    return { level: 'note', about: 'server', message };
  }
  return {
    level: 'note',
    about: 'server',
    message: 'no server runs for this clone',
    remedy: 'flagstaff serve',
  };
}

async function askHealth(
  patient: Patient,
  { url, pid }: { readonly url: string; readonly pid: number },
): Promise<Finding> {
  const about = 'server';
  const health = await fetch(`${url}/health`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    .then(async (answer) => (await answer.json()) as Health)
    .catch(() => undefined);
  if (health === undefined) {
    const message = `process ${pid} should listen on ${url}, and does not answer within ${PATIENCE_MS / 1_000} seconds`;
    return { level: 'error', about, message, remedy: `kill ${pid}, and start it again` };
  }
  const state = `process ${pid} listens on ${url}: ${health.status}`;
  if (health.trouble) return { level: 'error', about, message: `${state}: ${health.trouble}` };
  const behind = await behindText(patient, health.revision);
  if (behind !== undefined) return { level: 'warning', about, message: `${state}; ${behind}` };
  return { level: health.status === 'ok' ? 'ok' : 'warning', about, message: state };
}

async function behindText(
  { repository }: Patient,
  revision: string | null | undefined,
): Promise<string | undefined> {
  const { oid } = await repository.head();
  if (revision == null || oid === undefined || revision === oid) return undefined;
  return `it serves ${shortCommit(revision)}, and ${shortCommit(oid)} is checked out`;
}
