import { mainPath } from '../changes/apply.js';
import { commitMessage } from '../changes/message.js';
import type { BuiltCommit, CommitChain } from './commit-chain.js';
import { commitBytes } from './commit-object.js';
import { expectedFailure } from './disk-failure.js';
import { checkedIdentity, type Identity } from './identity.js';
import { type PlannedWrite, planWrite, refusePlan } from './plan-write.js';
import type { PlannedFile } from './work-files.js';
import { type BaseSource, blobAt, readBase } from './write-base.js';
import { checkExpected, checkPreconditions } from './write-conditions.js';
import { repairNote } from './write-last-good.js';
import type { ExpectedFiles, MadeWrite, WriteRequest } from './write-request.js';

/** How one write of a group ends, once the others before it are on disk. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: MadeWrite }
  | { readonly kind: 'refused'; readonly reason: unknown };

/** What a group of writes is worked out with. */
export interface GroupPlace {
  readonly chain: CommitChain;
  readonly source: BaseSource;
  readonly committer: Identity;
  /** Makes sure that the clone can be written to; false where its head is no longer that of the chain. Asked for each write. */
  readonly open: () => Promise<boolean>;
  /** Throws where somebody's work is in the way of these files. */
  readonly check: (files: readonly PlannedFile[]) => Promise<void>;
  /** True once something more urgent waits: the rest of the group is for later. */
  readonly isInterrupted: () => boolean;
}

/** One write of a group. */
export interface GroupedWrite {
  readonly request: WriteRequest;
  /** When it was written first, in seconds since 1970, where it is made again. */
  readonly seconds?: number | undefined;
  /** What it expects of files where it is made again: what others have done already is not lost for it. */
  readonly expects?: ExpectedFiles | undefined;
}

/**
 * Works out the writes one after the other, each on top of the one before it: all of them become commits of the chain,
 * and one that is refused leaves no trace in it. Gives an outcome for each that was begun, or undefined where the branch
 * has moved.
 */
export async function planGroup(
  group: readonly GroupedWrite[],
  place: GroupPlace,
): Promise<readonly Outcome[] | undefined> {
  const outcomes: Outcome[] = [];
  for (const write of group) {
    if (outcomes.length > 0 && place.isInterrupted()) break;
    const outcome = await planOne(write, place);
    if (outcome === undefined) return undefined;
    outcomes.push(outcome);
  }
  return outcomes;
}

/** The same of one; undefined where the branch has moved. */
export async function planOne(write: GroupedWrite, place: GroupPlace): Promise<Outcome | undefined> {
  try {
    const result = await addToChain(write, place);
    return result && { kind: 'done', result };
  } catch (error) {
    return { kind: 'refused', reason: expectedFailure(error) ?? error };
  }
}

async function addToChain(
  { request, seconds, expects = {} }: GroupedWrite,
  place: GroupPlace,
): Promise<MadeWrite | undefined> {
  const { chain, source, committer } = place;
  const author = checkedIdentity(request.author);
  await checkPreconditions({ chain, history: source.cache.history }, request);
  const base = await readBase(source, chain, request.org);
  if (!(await place.open())) return undefined;
  const now = source.now();
  const { cache, reader } = source;
  const planned = await planWrite(base, request, { now, reader });
  const notes = [request.message ?? '', await repairNote(planned, cache.history)];
  const body = notes.filter((note) => note !== '').join('\n\n');
  const message = commitMessage({ ...request, message: body, changes: planned.applied.effective });
  refusePlan(planned, request);
  if (planned.files.length === 0) return resultOf(planned, request, base.commit);
  // Made again, it stands on another history than the one that is served.
  await checkExpected({ chain }, expects, request);
  const files = planned.files.map((file) => chain.merged(file));
  await place.check(files);
  const times = { seconds: Math.floor(now / 1_000), authorSeconds: seconds };
  const built = build(planned, { author, committer, message, ...times });
  chain.add(built);
  return resultOf(planned, request, built.commit.oid);
}

function build(
  { base, after, tree, files, objects }: PlannedWrite,
  by: Pick<BuiltCommit['commit'], 'author' | 'committer' | 'message' | 'seconds' | 'authorSeconds'>,
): BuiltCommit {
  const commit = { ...by, tree, parent: base.commit };
  const oid = objects.add('commit', commitBytes(commit));
  return { commit: { ...commit, oid }, objects, files, org: { before: base.state, after } };
}

function resultOf(
  { base, after, files, differences, judgement }: PlannedWrite,
  { org, changes }: WriteRequest,
  commit: string,
): MadeWrite {
  const blobs = new Map<string, string>();
  const paths = new Set(changes.map((change) => mainPath(org, change)));
  for (const path of paths) {
    const blob = blobAt(base, path);
    if (blob !== undefined) blobs.set(path, blob);
  }
  for (const { path, after } of files) {
    paths.add(path);
    if (after === null) blobs.delete(path);
    else blobs.set(path, after.oid);
  }
  const served = after.served && { ...after.served, revision: commit };
  const { warnings } = judgement;
  return { commit, changed: files.length > 0, paths: [...paths], blobs, differences, warnings, served };
}
