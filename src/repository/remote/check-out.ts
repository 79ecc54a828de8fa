import * as fs from 'node:fs';
import git, { Errors } from 'isomorphic-git';
import { Failure } from '../../model/failure.js';
import { installedGit } from '../git-version.js';
import { readHead } from '../head.js';
import { runGit } from './git-run.js';
import { shown } from './remote-failure.js';
import type { RemoteAddress, Transport } from './transport.js';

/** The clone whose files are to be there. */
export interface CheckOut {
  readonly dir: string;
  readonly gitDir: string;
  readonly address: RemoteAddress;
  readonly signal: AbortSignal;
  readonly way: Transport['name'] | undefined;
}

/**
 * Writes the files of HEAD and the index over whatever is there, without hooks. Throws `Failure` UNSAFE_PATH for a name
 * that no checkout may have, CHECK_OUT_FAILED for what else stops it, and those of the disk.
 */
export async function checkOut(what: CheckOut): Promise<void> {
  const { dir, gitDir, address, signal, way } = what;
  const withGit = way === undefined ? (await installedGit()).kind === 'usable' : way === 'git';
  if (!withGit) return checkOutAlone(what);
  const words = ['reset', '--quiet', '--hard'];
  const { code, complaint } = await runGit({ gitDir, workDir: dir, words, address, signal });
  if (code === 0) return;
  const unsafe = /^error: invalid path '(.+)'$/m.exec(complaint)?.[1];
  if (unsafe !== undefined) throw unsafePath(address, unsafe);
  const sentence = `the files of ${address.url} cannot be checked out: ${shown(complaint, address)}`;
  throw new Failure('busy', 'CHECK_OUT_FAILED', sentence);
}

async function checkOutAlone({ dir, gitDir, address }: CheckOut): Promise<void> {
  const { branch } = readHead({ gitDir, commonDir: gitDir });
  if (branch === undefined) return;
  try {
    await git.checkout({ fs, dir, gitdir: gitDir, ref: branch, force: true });
  } catch (error) {
    if (error instanceof Errors.UnsafeFilepathError) throw unsafePath(address, error.data.filepath);
    throw error;
  }
}

function unsafePath({ url }: RemoteAddress, path: string): Failure {
  const sentence = `the remote ${url} has the path ${JSON.stringify(path)}, which cannot be checked out safely; take it out of the branch there`;
  return new Failure('conflict', 'UNSAFE_PATH', sentence);
}
