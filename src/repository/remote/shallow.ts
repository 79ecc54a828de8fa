import { join } from 'node:path';
import { createAnew, machineDisk } from '../disk.js';
import { temporaryName } from '../state-folder.js';

/** Where the history of a shallow clone ends: commits whose parents are left out. */
export function readShallow(commonDir: string): ReadonlySet<string> {
  const text = machineDisk.read(join(commonDir, 'shallow'))?.toString('latin1') ?? '';
  return new Set(text.match(/^[0-9a-f]{40}$/gm) ?? []);
}

/** Replaces that, flushed. */
export async function writeShallow(commonDir: string, commits: ReadonlySet<string>): Promise<void> {
  const path = join(commonDir, 'shallow');
  if (commits.size === 0) {
    machineDisk.remove(path);
    return;
  }
  const temporary = temporaryName(path);
  await createAnew(machineDisk, temporary, { bytes: Buffer.from(`${[...commits].sort().join('\n')}\n`) });
  machineDisk.rename(temporary, path);
  await machineDisk.sync(commonDir);
}
