import { commitMessage } from '../changes/message.js';
import type { Failure } from '../model/failure.js';
import { type WritableHead, writableHead } from './clone-state.js';
import { expectedFailure } from './disk-failure.js';
import type { GitRepository } from './git.js';
import { checkedIdentity } from './identity.js';
import type { PlannedWrite } from './plan-write.js';
import { inTurns } from './slices.js';
import { checkWorkFile } from './work-files.js';
import type { WritePublisher } from './write-publisher.js';
import type { Refusal, WriteRequest } from './write-request.js';

/** Where it is looked for. */
export interface RefusalPlace {
  readonly repository: GitRepository;
  /** The branch that is served; the one that is checked out where it is left out. */
  readonly branch: string | undefined;
  readonly publisher: WritePublisher;
  /** What refuses all writes because of the remote; undefined where nothing does. */
  readonly divergence: Failure | undefined;
}

/**
 * What the clone and the words of a planned write would refuse it for now; undefined where the branch has moved since it
 * was planned. Takes no lock, and one that git holds is no refusal: a write waits for it.
 */
export async function findRefusals(
  place: RefusalPlace,
  planned: PlannedWrite,
  request: WriteRequest,
): Promise<readonly Refusal[] | undefined> {
  const words = await attempt(() => checkWords(planned, request));
  const clone = await attempt(() => place.publisher.look());
  // Another writer's files may be looked at all the same.
  const alone = await attempt(() => clone.answer && place.publisher.checkAlone());
  const head = await attempt(() => writableHead(place.repository, place.branch));
  if (hasMoved(head.answer, planned)) return undefined;
  const { divergence } = place;
  const remote = divergence && { code: divergence.code, message: divergence.message };
  const found = [words.refusal, clone.refusal, alone.refusal, head.refusal, remote];
  // The files of another branch, or of a merge, say nothing about this write.
  if (clone.answer !== undefined && head.answer !== undefined) {
    const work = clone.answer;
    const index = await attempt(() => work.index.read());
    found.push(index.refusal);
    for await (const file of inTurns(planned.files)) {
      const check = await attempt(
        () => index.answer && checkWorkFile({ ...work, index: index.answer }, file),
      );
      found.push(check.refusal);
    }
  }
  return found.flatMap((refusal) => refusal ?? []);
}

function checkWords({ applied }: PlannedWrite, request: WriteRequest): void {
  checkedIdentity(request.author);
  commitMessage({ ...request, changes: applied.effective });
}

function hasMoved(head: WritableHead | undefined, { base }: PlannedWrite): boolean {
  return head !== undefined && head.oid !== base.commit;
}

/** An answer, or why there is none. Bugs are thrown. */
async function attempt<Answer>(
  ask: () => Answer | Promise<Answer>,
): Promise<{ readonly answer?: Answer; readonly refusal?: Refusal }> {
  try {
    return { answer: await ask() };
  } catch (error) {
    const failure = expectedFailure(error);
    if (failure === undefined) throw error;
    return { refusal: { code: failure.code, message: failure.message } };
  }
}
