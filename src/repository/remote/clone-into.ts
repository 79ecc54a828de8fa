import { existsSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { createAnew, machineDisk } from '../disk.js';
import { expectedFailure } from '../disk-failure.js';
import { type GitRepository, openRepository } from '../git.js';
import { readRef } from '../head.js';
import { checkOut } from './check-out.js';
import { branchSettings, emptyGitFolder } from './empty-git-folder.js';
import { openTransport } from './open-transport.js';
import { RefMoves } from './ref-move.js';
import type { RemoteAddress, Transport } from './transport.js';

/** What is cloned, and where to. */
export interface CloneOptions {
  /** Missing, empty, or one where an earlier clone broke off. */
  readonly dir: string;
  readonly address: RemoteAddress;
  /** The remote's own where it is left out. */
  readonly branch?: string | undefined;
  /** The most commits that are brought; all where it is left out. */
  readonly depth?: number | undefined;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Which way to take; the better one that there is where it is left out. */
  readonly way?: Transport['name'] | undefined;
}

/** The git folder until all of the remote's objects are in it. */
const BEGUN = '.flagstaff-clone';
/** Within the git folder, until the files are checked out. */
const UNFINISHED = join('flagstaff', 'clone-unfinished');
const DEFAULT_BRANCH = 'main';

/** Whether there is nothing to open yet: the folder is missing or empty, or a clone of ours broke off there. */
export function isCloneDue(dir: string): boolean {
  if (existsSync(join(dir, '.git'))) return existsSync(join(dir, '.git', UNFINISHED));
  return namesIn(dir).every((name) => name === BEGUN);
}

/** Opens the clone in a folder, which is made first where nothing is there. Throws what `cloneInto` and `openRepository` do. */
export async function openClone(options: CloneOptions): Promise<GitRepository> {
  const { dir } = options;
  if (isCloneDue(dir)) await cloneInto(options);
  return openRepository(dir).catch((error: unknown) => {
    throw error instanceof Failure && error.code === 'NO_REPOSITORY' ? notEmpty(dir) : error;
  });
}

/**
 * Clones a branch, with its files, so that a crash at any moment leaves what the next call finishes. A remote without
 * commits gives a clone without commits. Throws `Failure` FOLDER_NOT_EMPTY, REMOTE_BRANCH_MISSING, those of `Transport`
 * and of a check-out, and those of the disk. The address is kept without its credentials.
 */
export async function cloneInto(options: CloneOptions): Promise<void> {
  const { dir, log } = options;
  if (!isCloneDue(dir)) throw notEmpty(dir);
  try {
    if (existsSync(join(dir, '.git'))) await resume(options);
    else {
      await bring(options);
      await finish(options);
    }
  } catch (error) {
    throw expectedFailure(error) ?? error;
  }
  log(`cloned ${options.address.url} into ${dir}`);
}

async function bring(options: CloneOptions): Promise<void> {
  const { dir, address, signal, way } = options;
  const begun = join(dir, BEGUN);
  await rm(begun, { recursive: true, force: true });
  await emptyGitFolder(begun, address.url);
  const repository = await openRepository(begun);
  const transport = await openTransport({ repository, address, way, log: options.log });
  const remoteBranch = await transport.defaultBranch(signal);
  const branch = options.branch ?? remoteBranch ?? DEFAULT_BRANCH;
  const commit = await fetchBranch(transport, branch, options);
  if (commit === undefined && remoteBranch !== undefined) throw branchMissing(address, branch);
  if (commit !== undefined) await new RefMoves(repository).move(`refs/heads/${branch}`, commit);
  machineDisk.append(join(begun, 'config'), branchSettings(branch));
  await machineDisk.sync(join(begun, 'config'));
  await createAnew(machineDisk, join(begun, 'HEAD'), { bytes: Buffer.from(`ref: refs/heads/${branch}\n`) });
  await createAnew(machineDisk, join(begun, UNFINISHED), { bytes: Buffer.alloc(0) });
  machineDisk.rename(begun, join(dir, '.git'));
  await machineDisk.sync(dir);
}

async function fetchBranch(
  transport: Transport,
  branch: string,
  { depth, signal }: CloneOptions,
): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`;
  const refs = new Map([[ref, `refs/remotes/origin/${branch}`]]);
  return (await transport.fetch({ refs, depth }, signal)).get(ref);
}

/** Without the remote, if that will do; where the files cannot be checked out, the branch may be another by now. */
async function resume(options: CloneOptions): Promise<void> {
  try {
    await finish(options);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'full') throw error;
    await bringAgain(options);
    await finish(options);
  }
}

async function bringAgain(options: CloneOptions): Promise<void> {
  const { dir, address, way } = options;
  const repository = await openRepository(dir);
  const { branch } = await repository.head();
  if (branch === undefined) throw branchMissing(address, 'HEAD');
  const transport = await openTransport({ repository, address, way });
  const commit = await fetchBranch(transport, branch, options);
  if (commit === undefined) throw branchMissing(address, branch);
  await new RefMoves(repository).move(`refs/heads/${branch}`, commit);
}

async function finish({ dir, address, signal, way }: CloneOptions): Promise<void> {
  const gitDir = join(dir, '.git');
  // Of a check-out that broke off: nobody else works in a clone that is not finished.
  machineDisk.remove(join(gitDir, 'index.lock'));
  if (readRef(gitDir, 'HEAD') !== undefined) await checkOut({ dir, gitDir, address, signal, way });
  machineDisk.remove(join(gitDir, UNFINISHED));
}

/** A file has itself in it: no clone can be made there. */
function namesIn(dir: string): readonly string[] {
  const stat = statSync(dir, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  return stat.isDirectory() ? readdirSync(dir) : [dir];
}

function notEmpty(dir: string): Failure {
  const sentence = `${dir} is neither empty nor a clone; name another folder with --repo`;
  return new Failure('conflict', 'FOLDER_NOT_EMPTY', sentence);
}

function branchMissing(address: RemoteAddress, branch: string): Failure {
  const sentence = `the remote ${address.url} has no branch ${branch}`;
  return new Failure('not-found', 'REMOTE_BRANCH_MISSING', sentence);
}
