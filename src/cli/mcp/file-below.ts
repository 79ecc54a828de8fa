import { realpathSync } from 'node:fs';
import path from 'node:path';
import { isSystemError, systemReason, WrongUse } from '../exit.js';

/** The file that an agent names, whole. Throws `WrongUse` where it is not below the repository: an agent reads no other files. */
export function fileBelow(repo: string, named: unknown): string {
  const name = String(named);
  try {
    const file = realpathSync(path.resolve(repo, name));
    const way = path.relative(realpathSync(repo), file);
    if (way !== '' && way.split(path.sep)[0] !== '..' && !path.isAbsolute(way)) return file;
  } catch (error) {
    if (isSystemError(error)) throw new WrongUse(`cannot read ${name}: ${systemReason(error)}`);
    throw error;
  }
  throw new WrongUse(`${name} is not below the flags repository`);
}
