import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../state-folder.js';

/** What a server knows after a restart, so that it can say how old what it serves may be. */
export interface FollowedNote {
  /** What was followed, without credentials: of another remote or branch the note says nothing. */
  readonly url: string;
  readonly branch: string;
  /** The remote's commit. */
  readonly head: string;
  /** When all of that was served here, in epoch milliseconds. */
  readonly followedAt: number;
}

/** What is noted of this remote and branch; undefined where nothing can be read. */
export function readFollowedNote(
  repository: { readonly stateDir: string },
  { url, branch }: Pick<FollowedNote, 'url' | 'branch'>,
): FollowedNote | undefined {
  const note = readLastNote(repository);
  return note?.url === url && note.branch === branch ? note : undefined;
}

/** What was followed last; undefined where nothing ever was. */
export function readLastNote(repository: { readonly stateDir: string }): FollowedNote | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(pathOf(repository), 'utf8'));
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** Not flushed: after a power cut an older one, or none, only makes the age that is told greater or unknown. */
export async function writeFollowedNote(
  repository: { readonly stateDir: string },
  note: FollowedNote,
): Promise<void> {
  await replaceFile(pathOf(repository), [JSON.stringify(note)]);
}

function pathOf({ stateDir }: { readonly stateDir: string }): string {
  return join(stateDir, 'followed.json');
}

function isNote(note: unknown): note is FollowedNote {
  if (typeof note !== 'object' || note === null) return false;
  const { url, branch, head, followedAt } = note as Partial<Record<keyof FollowedNote, unknown>>;
  const areTexts = [url, branch, head].every((text) => typeof text === 'string');
  return areTexts && typeof followedAt === 'number' && Number.isFinite(followedAt);
}
