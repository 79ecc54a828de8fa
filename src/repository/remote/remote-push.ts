import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../model/failure.js';
import { standsStill } from './remote-refusals.js';
import type { Pushed } from './transport.js';

/** What became of a push, as far as it can be found out. */
export type KnownPush =
  | Pushed
  /** Nothing can have arrived: the remote does not let us in, or the machine is in the way. */
  | { readonly kind: 'denied'; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly failure: Failure };

/** How a push is made, and how it is found out what the remote has. */
export interface PushSteps {
  /** Throws `Failure` where nobody knows. */
  readonly push: () => Promise<Pushed>;
  /** Asks what the remote has. Throws as `push` does. */
  readonly ask: () => Promise<unknown>;
  /** Whether that has what is pushed. */
  readonly has: () => Promise<boolean>;
  /** Whether it is where it was expected to be. */
  readonly isAtBase: () => boolean;
  /** Ends it; what is not known then stays so. */
  readonly signal: AbortSignal;
  /** How often it is tried. */
  readonly attempts: number | undefined;
}

const ATTEMPTS = 4;
const WAIT_MS = 60;

/**
 * Pushes, and where the answer breaks off finds out what the remote has: what has arrived is done, and where nothing has
 * moved the very same commits are pushed again, so that nothing is there twice. Bounded: a remote that tells nothing leaves
 * it unknown.
 */
export async function pushUntilKnown(steps: PushSteps): Promise<KnownPush> {
  const { attempts = ATTEMPTS, signal } = steps;
  let unknown: Failure | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const once = await pushOnce(steps, unknown);
    if (once.kind === 'unknown') unknown = once.failure;
    const isAgain = once.kind === 'unknown' || once.kind === 'still';
    if (!isAgain || attempt >= attempts || signal.aborted) return known(once, unknown);
    await sleep(Math.random() * WAIT_MS * 2 ** attempt);
  }
}

/** A refusal that follows on a push of which nobody knows says nothing of that one: it may arrive yet. */
function known(once: PushedOnce, unknown: Failure | undefined): KnownPush {
  switch (once.kind) {
    case 'still':
    case 'denied':
      return { kind: unknown === undefined ? 'denied' : 'unknown', failure: once.failure };
    case 'refused':
      return unknown === undefined ? once : { kind: 'unknown', failure: unknown };
    default:
      return once;
  }
}

type PushedOnce =
  | KnownPush
  /** It says `moved`, and its branch is where it was. */
  | { readonly kind: 'still'; readonly failure: Failure };

/** Unknown also where the remote is still where it was: what was sent may yet arrive. */
async function pushOnce(steps: PushSteps, unknown: Failure | undefined): Promise<PushedOnce> {
  let failure: Failure;
  try {
    const pushed = await steps.push();
    return pushed.kind === 'moved' ? await afterMove(steps, unknown) : pushed;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.code !== 'REMOTE_UNREACHABLE') return { kind: 'denied', failure: error };
    failure = error;
  }
  if (steps.attempts === 1) return { kind: 'unknown', failure };
  try {
    await steps.ask();
  } catch (error) {
    if (error instanceof Failure) return { kind: 'unknown', failure };
    throw error;
  }
  if (await steps.has()) return { kind: 'pushed' };
  return steps.isAtBase() ? { kind: 'unknown', failure } : { kind: 'moved' };
}

/** An earlier push of the same commits may be what moved it. */
async function afterMove(steps: PushSteps, unknown: Failure | undefined): Promise<PushedOnce> {
  try {
    await steps.ask();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // Who comes next asks again.
    return unknown === undefined ? { kind: 'moved' } : { kind: 'unknown', failure: error };
  }
  if (await steps.has()) return { kind: 'pushed' };
  return steps.isAtBase() ? { kind: 'still', failure: standsStill() } : { kind: 'moved' };
}
