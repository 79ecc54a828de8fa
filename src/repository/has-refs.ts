import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** True where some branch or tag is there, of this clone or of a remote: then some commit is too. */
export function hasRefs(commonDir: string): boolean {
  return orNothing(() => hasLooseRefs(join(commonDir, 'refs'))) || orNothing(() => hasPackedRefs(commonDir));
}

function hasLooseRefs(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).some((entry) => entry.isFile());
}

function hasPackedRefs(commonDir: string): boolean {
  return /^[0-9a-f]{40} /m.test(readFileSync(join(commonDir, 'packed-refs'), 'latin1'));
}

/** A file that is not there has no refs. */
function orNothing(look: () => boolean): boolean {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
