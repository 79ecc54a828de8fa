import { setTimeout as wait } from 'node:timers/promises';
import { repositoryAt, type TestRepository, temporaryFolder } from '../../test/support/git.js';
import type { TestGitServer } from '../../test/support/git-server.js';
import { pairFiles } from '../chaos/setting.js';
import type { Part } from './writers.js';

/** A person's clone, through the same host as all others. */
export async function personAt(host: TestGitServer): Promise<TestRepository> {
  const clone = repositoryAt(temporaryFolder());
  await clone.git('clone', '--quiet', host.urlWithAccount, clone.dir);
  return clone;
}

/** Commits and pushes with git, again and again; a push that came too late is made again on what is there by then. */
export async function pushWithGit(clone: TestRepository, part: Part, restMs: number): Promise<void> {
  for (let number = part.record.people.length + 1; !part.isOver(); number += 1) {
    await clone.commit({ ...pairFiles(number), 'notes.txt': `note ${number}\n` }, `person ${number}`);
    while (!(await isPushed(clone))) await clone.git('pull', '--quiet', '--rebase');
    part.record.people.push(await clone.head());
    await wait(restMs * part.random());
  }
}

async function isPushed(clone: TestRepository): Promise<boolean> {
  try {
    await clone.git('push', '--quiet');
    return true;
  } catch (error) {
    if (/rejected|cannot lock ref/.test(String(error))) return false;
    throw error;
  }
}
