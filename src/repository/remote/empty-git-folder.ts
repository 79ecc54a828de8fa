import { join } from 'node:path';
import { createAnew, machineDisk } from '../disk.js';
import { ensureStateFolder } from '../state-folder.js';

/** Makes a git folder without commits that knows its remote as `origin`; what `git init` would ask its templates for is not there. */
export async function emptyGitFolder(folder: string, url: string): Promise<void> {
  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info'])
    machineDisk.makeFolder(join(folder, name));
  ensureStateFolder({ stateDir: join(folder, 'flagstaff') });
  await createAnew(machineDisk, join(folder, 'config'), { bytes: Buffer.from(settingsOf(url)) });
  await createAnew(machineDisk, join(folder, 'HEAD'), { bytes: Buffer.from('ref: refs/heads/main\n') });
}

/** What `git pull` and `git push` go by. */
export function branchSettings(branch: string): string {
  return `[branch ${quoted(branch)}]\n\tremote = origin\n\tmerge = ${quoted(`refs/heads/${branch}`)}\n`;
}

function settingsOf(url: string): string {
  return [
    '[core]',
    '\trepositoryformatversion = 0',
    '\tfilemode = true',
    '\tbare = false',
    '\tlogallrefupdates = true',
    '[remote "origin"]',
    `\turl = ${quoted(url)}`,
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
