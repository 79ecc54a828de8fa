import type { Commit } from '../commit.js';
import { isDamage } from '../damage.js';
import { pause } from '../slices.js';
import { differingEntries, parseTree, type TreeEntry } from '../tree.js';
import type { TransportRepository } from './open-transport.js';

/**
 * What leads from a commit that the other side has to one that it shall have: commits, and the trees and files that came
 * with them. Looks at the commits between, and in each at the folders that it changed: it costs what the changes cost,
 * not what the tree does.
 */
export async function newObjects(
  repository: TransportRepository,
  history: History,
): Promise<ReadonlySet<string>> {
  const objects = new Set<string>();
  for (const oid of (await newCommits(repository, history)).commits) {
    objects.add(oid);
    const { tree, parents } = await repository.readCommit(oid);
    const parent = parents[0] === undefined ? undefined : await readOrNone(repository, parents[0]);
    await addNewTree({ repository, objects }, parent?.tree, tree);
  }
  return objects;
}

/** A push takes nothing back: whoever asks for one that would is wrong. */
export async function assertStandsOn(
  repository: Commits,
  commit: string,
  base: string | undefined,
): Promise<void> {
  const { isForward } = await newCommits(repository, { tip: commit, known: base });
  if (!isForward) throw new Error(`the commit ${commit} does not stand on ${base}`);
}

type Commits = Pick<TransportRepository, 'readCommit' | 'findObjects'>;

/** What shall be there, and what is; undefined for nothing. */
interface History {
  readonly tip: string;
  readonly known: string | undefined;
}

interface Walked {
  readonly oid: string;
  readonly seconds: number;
}

/** Paints both histories from the youngest commit on, until all that is left is known to the other side. */
async function newCommits(
  repository: Commits,
  { tip, known }: History,
): Promise<{ readonly isForward: boolean; readonly commits: readonly string[] }> {
  const ours = new Set([tip]);
  const theirs = new Set(known === undefined ? [] : [known]);
  const waiting: Walked[] = [];
  const commits: string[] = [];
  const enqueue = async (oid: string): Promise<void> => {
    const commit = await readOrNone(repository, oid);
    if (commit !== undefined) waiting.push({ oid, seconds: commit.committer.seconds });
  };
  for (const oid of new Set([...ours, ...theirs])) await enqueue(oid);
  while (waiting.some(({ oid }) => !theirs.has(oid))) {
    await pause();
    waiting.sort((one, other) => one.seconds - other.seconds);
    const oid = waiting.pop()?.oid ?? tip;
    if (!theirs.has(oid)) commits.push(oid);
    for (const parent of (await repository.readCommit(oid)).parents) {
      const isSeen = ours.has(parent) || theirs.has(parent);
      if (ours.has(oid)) ours.add(parent);
      if (theirs.has(oid)) theirs.add(parent);
      if (!isSeen) await enqueue(parent);
    }
  }
  return { isForward: known === undefined || ours.has(known), commits: commits.reverse() };
}

/** Undefined beyond the end of a shallow clone. */
async function readOrNone(repository: Commits, oid: string): Promise<Commit | undefined> {
  try {
    return await repository.readCommit(oid);
  } catch (error) {
    if (isDamage(error) && (await repository.findObjects(oid)).length === 0) return undefined;
    throw error;
  }
}

interface Collected {
  readonly repository: TransportRepository;
  readonly objects: Set<string>;
}

async function addNewTree(to: Collected, before: string | undefined, after: string): Promise<void> {
  if (before === after || to.objects.has(after)) return;
  to.objects.add(after);
  for (const [was, is] of await differences(to.repository, before, after)) {
    if (is?.kind === 'tree') await addNewTree(to, was?.kind === 'tree' ? was.oid : undefined, is.oid);
    else if (is !== undefined && is.kind !== 'submodule') to.objects.add(is.oid);
  }
}

async function differences(
  repository: TransportRepository,
  before: string | undefined,
  after: string,
): Promise<readonly (readonly [TreeEntry | undefined, TreeEntry | undefined])[]> {
  const { bytes } = await repository.readObject(after);
  if (before === undefined) return parseTree(after, bytes).map((entry) => [undefined, entry]);
  return differingEntries(after, (await repository.readObject(before)).bytes, bytes);
}
