import type { Failure } from '../model/failure.js';
import { expectedFailure } from './disk-failure.js';
import type { Following } from './remote/integrate.js';
import type { RemoteBranch } from './remote/remote-branch.js';
import type { Outcome } from './write-group.js';
import { areTried, mayHaveArrived, refusedGroup } from './write-outcomes.js';
import type { Waiting } from './write-queue.js';

/**
 * Brings the branch up to date where it is known to be behind. Gives the outcomes of those that have arrived meanwhile,
 * whatever is in the way of the others; none where all of them wait for something more urgent; undefined where the group is
 * still to be made.
 */
export async function catchUp(
  remote: RemoteBranch,
  group: readonly Waiting[],
  { givesWay, ...its }: Following & { readonly givesWay: () => boolean },
): Promise<readonly Outcome[] | undefined> {
  const failure = await failureToFollow(remote, group, its);
  const arrived = await arrivedOf(remote, group);
  if (arrived.length > 0) return arrived;
  if (failure === undefined) return undefined;
  if (its.signal.aborted && givesWay()) return [];
  const isUnknown = areTried(group) && failure.code.startsWith('REMOTE_');
  return refusedGroup(group, isUnknown ? mayHaveArrived(failure) : failure);
}

/** Undefined once the branch has what the remote has, as far as is known. */
async function failureToFollow(
  remote: RemoteBranch,
  group: readonly Waiting[],
  { signal, wait }: Following,
): Promise<Failure | undefined> {
  try {
    if (areTried(group)) await remote.catchUp(signal, wait);
    else await remote.catchUpIfBehind(signal, wait);
    return undefined;
  } catch (error) {
    const failure = expectedFailure(error);
    if (failure === undefined) throw error;
    return failure;
  }
}

/** How the first ones ended, where one of the pushes that nobody knew of has arrived. */
async function arrivedOf(remote: RemoteBranch, group: readonly Waiting[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { tried } of group) {
    const outcome = await arrivedOne(remote, tried);
    if (outcome === undefined) break;
    outcomes.push(outcome);
  }
  return outcomes;
}

async function arrivedOne(remote: RemoteBranch, tried: Waiting['tried']): Promise<Outcome | undefined> {
  for (const { tip, outcome } of tried) {
    if (await remote.has(tip)) return outcome;
  }
  return undefined;
}
