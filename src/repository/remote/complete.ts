import { parseCommit } from '../commit.js';
import { damaged } from '../damage.js';
import { parseTree } from '../tree.js';
import type { TransportRepository } from './open-transport.js';

/** What was brought, and where its history ends on purpose. */
export interface Brought {
  readonly tip: string;
  readonly fresh: ReadonlySet<string>;
  /** Commits whose parents are left out: the ends of a shallow clone. */
  readonly shallow: ReadonlySet<string>;
}

/**
 * Makes sure that all of a commit is here: every object that came names only objects that came too or were here before.
 * What was here before was made sure of when it came. Throws `Failure` REPOSITORY_DAMAGED for what is missing.
 */
export async function assertComplete(repository: TransportRepository, brought: Brought): Promise<void> {
  const seen = new Set<string>();
  const waiting = [brought.tip];
  for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
    if (seen.has(oid)) continue;
    seen.add(oid);
    if (brought.fresh.has(oid)) waiting.push(...(await namedBy(repository, brought, oid)));
    else if ((await repository.findObjects(oid)).length === 0) throw damaged(`object ${oid} did not come`);
  }
}

async function namedBy(
  repository: TransportRepository,
  { shallow }: Brought,
  oid: string,
): Promise<readonly string[]> {
  const { type, bytes } = await repository.readObject(oid);
  if (type === 'commit') {
    const { tree, parents } = parseCommit(oid, bytes);
    return shallow.has(oid) ? [tree] : [tree, ...parents];
  }
  if (type !== 'tree') return [];
  const entries = parseTree(oid, bytes).filter(({ kind }) => kind !== 'submodule');
  return entries.map((entry) => entry.oid);
}
