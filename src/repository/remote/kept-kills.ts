import type { Change, FlagKill } from '../../changes/change.js';
import { planWrite, refusePlan } from '../plan-write.js';
import { readBase, type WriteBase } from '../write-base.js';
import type { GroupPlace } from '../write-group.js';
import type { WriteRequest } from '../write-request.js';
import { giveWay } from './broken-off.js';
import { refusePassing } from './lost-record.js';

/**
 * The kills of a change that can be made on top of the chain without the rest of it: those of flags that it does not make
 * itself, and that it does not release itself. Throws where the machine is in the way, and `Failure` BRANCH_MOVING once
 * something more urgent waits.
 */
export async function killsThatHold(request: WriteRequest, place: GroupPlace): Promise<readonly Change[]> {
  const { changes, org } = request;
  const kills = changes.filter((change, at) => {
    if (change.kind !== 'flag.kill' || isReleased(change, changes.slice(at + 1))) return false;
    return !changes.slice(0, at).some((earlier) => isMaking(earlier, change));
  });
  if (kills.length === 0) return [];
  const base = await unlessRefused(readBase(place.source, place.chain, org));
  return base === undefined ? [] : holding(base, { ...request, changes: kills }, place);
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

/**
 * True where the flag that is killed is a new one: of that name there is somebody else's now, whom nobody meant. A flag
 * that is restored was known before, and is the one that was meant.
 */
function isMaking(change: Change, { project, flag }: FlagKill): boolean {
  if (change.kind === 'flag.create') return change.project === project && change.flag === flag;
  if (change.kind !== 'flag.copy') return false;
  return (change.toProject ?? change.project) === project && change.to === flag;
}

/** Mostly all of them hold, and are planned at once; else each half by itself, down to those that do not. */
async function holding(
  base: WriteBase,
  request: WriteRequest,
  place: GroupPlace,
): Promise<readonly Change[]> {
  const { changes } = request;
  if (await canBeMade(base, request, place)) return changes;
  if (changes.length === 1) return [];
  const middle = Math.ceil(changes.length / 2);
  const found: Change[] = [];
  for (const half of [changes.slice(0, middle), changes.slice(middle)]) {
    giveWay(place);
    found.push(...(await holding(base, { ...request, changes: half }, place)));
  }
  return found;
}

/** Of a flag that is gone nobody is served anything: there is nothing to kill. */
async function canBeMade(base: WriteBase, request: WriteRequest, { source }: GroupPlace): Promise<boolean> {
  const planned = async (): Promise<boolean> => {
    refusePlan(await planWrite(base, request, { now: source.now(), reader: source.reader }), request);
    return true;
  };
  return (await unlessRefused(planned())) ?? false;
}

/** Undefined where what is asked for cannot be. */
async function unlessRefused<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    refusePassing(error);
    return undefined;
  }
}
