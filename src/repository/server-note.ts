import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { machineDisk } from './disk.js';
import { isAlive, ownMark, type ProcessMark } from './process-life.js';
import { ensureStateFolder, replaceFile } from './state-folder.js';

/** Where a server of this clone can be asked: commands that may not write themselves ask it. */
export interface ServerNote extends ProcessMark {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
}

interface Noted {
  readonly stateDir: string;
}

/** The server that runs for this clone; undefined where none does, whatever one that died left behind. */
export function readServerNote(repository: Noted): ServerNote | undefined {
  const note = parseNote(machineDisk.read(pathOf(repository)));
  return note !== undefined && isAlive(note) ? note : undefined;
}

/**
 * Notes that a server listens, under the git folder, readable by its owner alone. The first of several servers of one
 * clone is the one that writes, so its note stays. Gives how to take the note back.
 */
export async function noteServer(repository: Noted, url: string): Promise<() => void> {
  const note: ServerNote = { url, ...ownMark() };
  ensureStateFolder(repository);
  if (readServerNote(repository) === undefined) {
    await replaceFile(pathOf(repository), [`${JSON.stringify(note)}\n`]);
  }
  return () => {
    if (isDeepStrictEqual(readServerNote(repository), note)) machineDisk.remove(pathOf(repository));
  };
}

function pathOf({ stateDir }: Noted): string {
  return join(stateDir, 'server.json');
}

function parseNote(bytes: Buffer | undefined): ServerNote | undefined {
  let note: Partial<ServerNote> | null;
  try {
    note = JSON.parse(bytes?.toString() ?? 'null');
  } catch {
    // A power cut may leave it empty: nobody is noted then.
    return undefined;
  }
  const { url, pid, startedAt } = note ?? {};
  const isNote = typeof url === 'string' && Number.isInteger(pid) && typeof startedAt === 'string';
  return isNote ? { url, pid: Number(pid), startedAt } : undefined;
}
