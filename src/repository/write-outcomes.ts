import { Failure } from '../model/failure.js';
import type { CommitChain } from './commit-chain.js';
import type { LockWait } from './git-lock.js';
import type { Published } from './publish.js';
import type { Outcome } from './write-group.js';
import type { Opened } from './write-publisher.js';
import type { Waiting } from './write-queue.js';
import type { WriteRequest } from './write-request.js';

/** A group that is planned: commits in memory, and what is to be told of each. */
export interface Made {
  readonly group: readonly Waiting[];
  readonly chain: CommitChain;
  readonly outcomes: readonly Outcome[];
  readonly wait: LockWait;
  /** Undefined where there is nothing to commit. */
  readonly opened: Opened | undefined;
}

/** By its commit, the request that made it. */
export function requestsOf({ group, outcomes }: Made): ReadonlyMap<string, WriteRequest> {
  return new Map(
    outcomes.flatMap((outcome, at) => {
      const request = group[at]?.request;
      if (outcome.kind !== 'done' || !outcome.result.changed || request === undefined) return [];
      return [[outcome.result.commit, request] as const];
    }),
  );
}

/** What is not known to be durable is not told as done. */
export function outcomesOf(
  made: Made,
  published: Exclude<Published, { kind: 'moved' }> | undefined,
): readonly Outcome[] | undefined {
  return published?.kind === 'unconfirmed' ? refusedAll(made, published.failure) : published && made.outcomes;
}

/** All that tell of a commit of the chain. */
export function refusedAll({ chain, outcomes }: Made, reason: Failure): readonly Outcome[] {
  const refused: Outcome = { kind: 'refused', reason };
  return outcomes.map((outcome) => (isOf(chain, outcome) ? refused : outcome));
}

/** True where it tells of a commit of the chain: its own, or one that made it say nothing new. */
function isOf({ head }: CommitChain, outcome: Outcome): boolean {
  return outcome.kind === 'done' && outcome.result.commit !== head;
}

/** The same for each of the group. */
export function refusedGroup(group: readonly Waiting[], reason: Failure): readonly Outcome[] {
  return group.map(() => ({ kind: 'refused', reason }));
}

/** True where pushes of one of them ended nobody knows how. */
export function areTried(group: readonly Waiting[]): boolean {
  return group.some(({ tried }) => tried.length > 0);
}

/** The refusal of what was pushed, when the remote does not tell what it has. */
export function mayHaveArrived({ message, data, cause }: Failure): Failure {
  const sentence = `${message}; nothing is changed here, but the write may still have arrived there`;
  return new Failure('busy', 'REMOTE_UNREACHABLE', sentence, { data, cause });
}
