import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { GitRepository } from './git.js';
import { readRef } from './head.js';

const REFS = 'refs/';

/**
 * What a checked name means among the refs, in git's own order (gitrevisions): a tag beats a branch. Undefined where
 * there is none, or no commit yet. Throws `Failure` REPOSITORY_DAMAGED for a ref that is none.
 */
export async function readNamedRef(repository: GitRepository, name: string): Promise<string | undefined> {
  if (name === 'HEAD') return (await repository.head()).oid;
  for (const ref of refCandidates(name)) {
    const oid = isInsideRefs(repository.commonDir, ref) ? readRef(repository.commonDir, ref) : undefined;
    if (oid !== undefined) return oid;
  }
  return undefined;
}

/** What a name may stand for, in git's order. The last one is for `pull/12` and `merge-requests/3`, as people say it. */
export function refCandidates(name: string): readonly string[] {
  if (name.startsWith(REFS)) return [name];
  return [
    `${REFS}${name}`,
    `${REFS}tags/${name}`,
    `${REFS}heads/${name}`,
    `${REFS}remotes/${name}`,
    `${REFS}remotes/${name}/HEAD`,
    `${REFS}${name}/head`,
  ];
}

/** False where links lead out of the folder `refs`. One that is not loose may be packed, which has no links. */
function isInsideRefs(commonDir: string, ref: string): boolean {
  try {
    return realpathSync(join(commonDir, ref)).startsWith(realpathSync(join(commonDir, REFS)) + sep);
  } catch {
    // Whatever cannot be followed leads nowhere, and reading it says what is wrong.
    return true;
  }
}
