import { Failure } from '../../model/failure.js';
import type { GroupPlace } from '../write-group.js';

/** Throws `Failure` BRANCH_MOVING once something more urgent waits. Not before the first step, or it would never begin. */
export function giveWay(place: Pick<GroupPlace, 'isInterrupted'>): void {
  if (place.isInterrupted()) throw brokenOff();
}

export function brokenOff(): Failure {
  const sentence = 'making again what is pending was broken off for something more urgent';
  return new Failure('busy', 'BRANCH_MOVING', sentence, { data: { retryAfterSeconds: 1 } });
}
