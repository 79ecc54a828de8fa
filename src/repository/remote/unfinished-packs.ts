import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { machineDisk } from '../disk.js';

/** What nobody has written to for so long, nobody finishes, in milliseconds. */
const DEAD_MS = 3_600_000;

/** Removes what fetches left behind that were ended in the middle: each may be as large as all that was to come. */
export function sweepUnfinished(commonDir: string): void {
  const folder = join(commonDir, 'objects', 'pack');
  const before = Date.now() - DEAD_MS;
  for (const name of namesIn(folder).filter((one) => /^tmp_(?:pack|idx|rev)_/.test(one))) {
    const path = join(folder, name);
    const stat = machineDisk.stat(path);
    if (stat !== undefined && stat.mtimeMs < before) machineDisk.remove(path);
  }
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}
