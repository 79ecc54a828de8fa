import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LEAST_GIT, readGitVersion } from '../../repository/git-version.js';
import { isSystemError, systemReason } from '../exit.js';
import { runGit } from '../git-program.js';
import { ageText, sizeText } from './amounts.js';
import type { Finding, Patient } from './finding.js';
import { shellWord } from './shell-word.js';

/** A write needs some kilobytes, `git gc` as much again as all packs. */
const FEW_BYTES = 50_000_000;
const SOME_BYTES = 1_000_000_000;
const FEW_FILES = 1_000;
/** Clocks differ by some seconds everywhere; by more, tokens end too early and history is out of order. */
const CLOCK_MS = 60_000;
/** What others may do with a file: to read it, write it or run it. */
const OTHERS = 0o077;

/** Free space, permissions, the programs and the clock. */
export async function examineMachine(patient: Patient): Promise<readonly Finding[]> {
  return [
    examineSpace(patient),
    ...examinePermissions(patient),
    await examinePrograms(patient),
    ...(await examineClock(patient)),
  ];
}

function examineSpace({ repository }: Patient): Finding {
  const { bavail, bsize, files, ffree } = statfsSync(repository.commonDir);
  const free = bavail * bsize;
  const message = `${sizeText(free)} free on the disk of the clone`;
  // Some file systems count no files.
  const isOutOfFiles = files > 0 && ffree < FEW_FILES;
  if (free < FEW_BYTES || isOutOfFiles) {
    const files = isOutOfFiles ? `, and room for ${ffree} files` : '';
    return {
      level: 'error',
      about: 'disk',
      message: `${message}${files}: writes answer 507`,
      remedy: 'make room',
    };
  }
  return { level: free < SOME_BYTES ? 'warning' : 'ok', about: 'disk', message };
}

/** As this user sees it, which should be the one that the server runs as. */
function examinePermissions({ repository }: Patient): readonly Finding[] {
  const { workDir, gitDir, stateDir } = repository;
  const folders = [gitDir, join(gitDir, 'objects'), ...(workDir === undefined ? [] : [workDir])];
  const refused = folders.flatMap((folder) => refusalAt(folder) ?? []);
  return [...refused, ...openSecret(join(stateDir, 'secret'))];
}

function refusalAt(folder: string): Finding | undefined {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const message = `this user cannot write to ${folder} (${systemReason(error)}): writes answer 503`;
    return { level: 'error', about: 'disk', message, remedy: 'run the server as the owner of the clone' };
  }
}

function openSecret(path: string): readonly Finding[] {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  if ((mode & OTHERS) === 0) return [];
  const message = `${path} can be read by others: whoever reads it can sign any token`;
  return [
    {
      level: 'error',
      about: 'secret',
      message,
      remedy: `rm ${shellWord(path)}   # a new one is made; old tokens end`,
    },
  ];
}

async function examinePrograms({ folder, around }: Patient): Promise<Finding> {
  const node = `node ${process.versions.node}`;
  try {
    const printed = await runGit({ folder, words: ['--version'], env: around.env });
    const message = `${node}, ${printed.replace(' version', '')}`;
    if (readGitVersion(printed).kind === 'usable') return { level: 'ok', about: 'programs', message };
    const lacks = 'a remote over SSH is not followed, one over HTTP without git';
    return { level: 'warning', about: 'programs', message: `${message}, older than ${LEAST_GIT}: ${lacks}` };
  } catch {
    const message = `${node}; the git program is not on the PATH: no remote over SSH, and large objects take more memory`;
    return { level: 'note', about: 'programs', message };
  }
}

/** A commit cannot be younger than now: then this clock is late, or that of whoever made it is early. */
async function examineClock({ repository, now }: Patient): Promise<readonly Finding[]> {
  const { oid } = await repository.head();
  if (oid === undefined) return [];
  const ahead = (await repository.readCommit(oid)).committer.seconds * 1_000 - now;
  if (ahead <= CLOCK_MS) return [{ level: 'ok', about: 'clock', message: new Date(now).toISOString() }];
  const message = `the newest commit is from ${ageText(ahead)} after now, ${new Date(now).toISOString()}: one of two clocks is wrong`;
  return [
    { level: 'warning', about: 'clock', message, remedy: 'timedatectl   # or what sets the clock here' },
  ];
}
