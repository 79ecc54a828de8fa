import type { Change, FlagKill } from '../../changes/change.js';
import { planWrite, refusePlan } from '../plan-write.js';
import { readBase } from '../write-base.js';
import type { GroupPlace } from '../write-group.js';
import type { WriteRequest } from '../write-request.js';
import { refusePassing } from './lost-record.js';

/**
 * The kills of a change that can be made on top of the chain, each by itself, and that it does not release itself.
 * Throws where the machine is in the way.
 */
export async function killsThatHold(request: WriteRequest, place: GroupPlace): Promise<readonly Change[]> {
  const holding: Change[] = [];
  for (const [at, change] of request.changes.entries()) {
    if (change.kind !== 'flag.kill' || isReleased(change, request.changes.slice(at + 1))) continue;
    if (await canBeMade({ ...request, changes: [change] }, place)) holding.push(change);
  }
  return holding;
}

function isReleased(kill: FlagKill, later: readonly Change[]): boolean {
  return later.some(
    (change) =>
      change.kind === 'flag.unkill' &&
      change.project === kill.project &&
      change.flag === kill.flag &&
      change.environment === kill.environment,
  );
}

/** Of a flag that is gone nobody is served anything: there is nothing to kill. */
async function canBeMade(request: WriteRequest, { chain, source }: GroupPlace): Promise<boolean> {
  const by = { now: source.now(), reader: source.reader };
  try {
    refusePlan(await planWrite(await readBase(source, chain, request.org), request, by), request);
    return true;
  } catch (error) {
    refusePassing(error);
    return false;
  }
}
