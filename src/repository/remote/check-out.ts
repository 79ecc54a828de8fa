import * as fs from 'node:fs';
import git from 'isomorphic-git';
import { readHead } from '../head.js';
import { hasGitProgram, runGit } from './git-run.js';
import { unreachable } from './remote-failure.js';
import type { RemoteAddress, Transport } from './transport.js';

/** The clone whose files are to be there. */
export interface CheckOut {
  readonly dir: string;
  readonly gitDir: string;
  readonly address: RemoteAddress;
  readonly signal: AbortSignal;
  readonly way: Transport['name'] | undefined;
}

/** Writes the files of HEAD and the index over whatever is there, without hooks. */
export async function checkOut({ dir, gitDir, address, signal, way }: CheckOut): Promise<void> {
  const withGit = way === undefined ? await hasGitProgram() : way === 'git';
  if (!withGit) {
    const { branch } = readHead({ gitDir, commonDir: gitDir });
    if (branch !== undefined) await git.checkout({ fs, dir, gitdir: gitDir, ref: branch, force: true });
    return;
  }
  const words = ['reset', '--quiet', '--hard'];
  const answer = await runGit({ gitDir, workDir: dir, words, address, signal });
  if (answer.code !== 0) throw unreachable(address, `its files cannot be checked out: ${answer.complaint}`);
}
