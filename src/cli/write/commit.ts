import { setTimeout as wait } from 'node:timers/promises';
import type { Change } from '../../changes/change.js';
import { Failure } from '../../model/failure.js';
import { checkWritable } from '../../repository/clone-state.js';
import { machineDisk } from '../../repository/disk.js';
import { type GitRepository, openRepository } from '../../repository/git.js';
import type { Identity } from '../../repository/identity.js';
import { InstanceLock } from '../../repository/instance-lock.js';
import type { FlagCache } from '../../repository/served.js';
import { readServerNote } from '../../repository/server-note.js';
import { ensureStateFolder } from '../../repository/state-folder.js';
import type { Preview, WriteRequest } from '../../repository/write-request.js';
import { gitAuthor } from '../author.js';
import { repositoryFolder } from '../folder.js';
import { shortCommit } from '../past/entry.js';
import { shownLine } from '../shown.js';
import type { Surroundings } from '../surroundings.js';
import { askServer, ServerGone, type ServerRequest } from './ask-server.js';
import { serverToken } from './server-token.js';
import { withWriter } from './writer.js';

/** A write, in both ways in which it can be made. */
export interface CommandWrite {
  /** What to write in this process, with what it serves now. Throws `WrongUse` for names that it does not know. */
  readonly request: (
    cache: FlagCache,
    repository: GitRepository,
  ) => Omit<WriteRequest, 'author'> | Promise<Omit<WriteRequest, 'author'>>;
  /** What to ask the server for that holds the clone. */
  readonly ask: (repository: GitRepository) => Promise<ServerRequest>;
}

/** What became of it. */
interface Committed {
  /** The commit; the head where nothing changed. */
  readonly commit: string;
  readonly changed: boolean;
}

/** The same, with the first line of the commit's message: the commit's own, whoever made it. */
export interface Written extends Committed {
  readonly subject: string;
}

interface Writing {
  readonly repository: GitRepository;
  readonly author: Identity;
  readonly around: Surroundings;
}

/** How long another process may take to end its write, or a server to say where it listens; and how often it is looked. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 50;

/** What every command that writes may be told. */
export interface WriteOptions {
  readonly repo?: string;
  readonly json?: boolean;
}

/** Writes as `commitWrite` does, and prints the commit. */
export async function commitAndPrint(
  { repo, json }: WriteOptions,
  write: CommandWrite,
  around: Surroundings,
): Promise<void> {
  const written = await commitWrite(repo, write, around);
  if (json) around.print(JSON.stringify(written, undefined, 2));
  else around.print(writtenLine(written));
}

/**
 * Writes as who git says is at the keyboard. A running server holds the clone, so it is asked to write where there is one;
 * else this process does. Throws `Failure` as the writer does, and `WrongUse`.
 */
export async function commitWrite(
  repo: string | undefined,
  write: CommandWrite,
  around: Surroundings,
): Promise<Written> {
  const folder = repositoryFolder(repo, around);
  const repository = await openRepository(folder);
  checkWritable(repository);
  const author = await gitAuthor(folder, around);
  const committed = await commitAnyhow({ repository, author, around }, write);
  const { message } = await repository.readCommit(committed.commit);
  const { commit, changed } = committed;
  return { commit, changed, subject: message.split('\n')[0] ?? '' };
}

/** What a write would do. */
export interface ShownWrite {
  readonly previewed: Preview;
  /** What it means on the files as they are. */
  readonly changes: readonly Change[];
}

/** What a write would do now, on top of what is committed. Writes nothing, and whoever holds the clone would be asked to. */
export async function preview(
  repo: string | undefined,
  write: CommandWrite,
  around: Surroundings,
): Promise<ShownWrite> {
  const folder = repositoryFolder(repo, around);
  const repository = await openRepository(folder);
  const author = await gitAuthor(folder, around);
  return withWriter(repository, async (writer, cache) => {
    const request = { ...(await write.request(cache, repository)), author };
    const previewed = await writer.preview(request);
    const refusals = previewed.refusals.filter(({ code }) => code !== 'ANOTHER_WRITER');
    return {
      previewed: { ...previewed, refusals },
      changes: request.changes,
    };
  });
}

/** A process that writes without listening is another command: it is done in a moment. */
async function commitAnyhow(writing: Writing, write: CommandWrite): Promise<Committed> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await commitHere(writing, write);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'ANOTHER_WRITER') throw error;
      const committed = await commitThere(writing, write);
      if (committed !== undefined) return committed;
      if (performance.now() > end) throw error;
    }
    await wait(LOOK_MS);
  }
}

/** It is looked first whether another process has the clone: loading all flags to find that out would take a while. */
async function commitHere({ repository, author, around }: Writing, write: CommandWrite): Promise<Committed> {
  const lock = new InstanceLock({
    disk: machineDisk,
    stateDir: ensureStateFolder(repository),
    now: Date.now,
  });
  await lock.take();
  lock.release();
  const written = await withWriter(repository, async (writer, cache) =>
    writer.write({ ...(await write.request(cache, repository)), author }),
  );
  const { pending } = written;
  if (pending > 0) around.warn(`flagstaff: changes that wait for a server to push them: ${pending}`);
  return written;
}

/** Undefined where no server listens. */
async function commitThere(
  { repository, author, around }: Writing,
  write: CommandWrite,
): Promise<Committed | undefined> {
  const server = readServerNote(repository);
  if (server === undefined) return undefined;
  try {
    const token = await serverToken(repository, author, around);
    const committed = await askServer({ url: server.url, token }, await write.ask(repository));
    if (committed.changed) around.warn(`flagstaff: the server at ${server.url} wrote it`);
    return committed;
  } catch (error) {
    if (error instanceof ServerGone) return undefined;
    throw error;
  }
}

/** As `git log --oneline` shows it. */
function writtenLine({ commit, changed, subject }: Written): string {
  const what = changed ? subject : 'nothing to change: it is so already';
  return shownLine(`${shortCommit(commit)} ${what}`);
}
