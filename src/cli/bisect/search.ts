import { FLAGS_FOLDER } from '../../files/paths.js';
import type { CommitHistory, HistoryCommit } from '../../repository/commit-history.js';
import type { AnswerAt } from './answers.js';

/** What is looked through, and for what. */
export interface Search {
  readonly history: Pick<CommitHistory, 'lastTouch' | 'before'>;
  /** The newest commit that counts, one of the history. */
  readonly to: Dated;
  /** The oldest one, likewise; the first of all where it is undefined. */
  readonly from: Dated | undefined;
  readonly isMet: (answer: AnswerAt) => boolean;
  readonly ask: (commit: Dated) => Promise<AnswerAt>;
}

/** A commit with its time. */
export type Dated = Pick<HistoryCommit, 'oid' | 'seconds'>;

/** What was found. */
export type Found =
  /** This commit ended the expected answer: the newest one that did. */
  | {
      readonly kind: 'ended';
      readonly commit: HistoryCommit;
      readonly before: AnswerAt;
      readonly after: AnswerAt;
    }
  /** The newest commit gives the expected answer. */
  | { readonly kind: 'still'; readonly answer: AnswerAt }
  /** No commit gives it. */
  | {
      readonly kind: 'never';
      /** That of the newest commit. */
      readonly answer: AnswerAt;
      /** All that were looked at, newest first. */
      readonly answers: readonly AnswerAt[];
    };

/**
 * Goes back from the newest commit over those that touched a file from which the answer came then: between them it cannot
 * change, so all others are never loaded. What a version asks is looked up in that version, so that this is exact however
 * often the answer changed; but for changes of other files, as `narrow` knows them, that undo each other in between.
 */
export async function findEnd(search: Search): Promise<Found> {
  const newest = await search.ask(search.to);
  if (search.isMet(newest)) return { kind: 'still', answer: newest };
  const answers = [newest];
  let at: Dated | undefined = search.to;
  for (let newer = newest; at !== undefined; ) {
    const step = await stepBack(search, at, newer.reach);
    if (step === undefined) break;
    if (search.isMet(step.older)) return narrow(search, { ...step, at, newer });
    answers.push(step.older);
    newer = step.older;
    at = step.parent;
  }
  return { kind: 'never', answer: newest, answers };
}

/** A commit that touched something, its parent, and the answer before it. */
interface Step {
  readonly touch: HistoryCommit;
  readonly parent: HistoryCommit;
  readonly older: AnswerAt;
}

/** Undefined where history, or the part of it that counts, ends. */
async function stepBack(
  { history, from, ask }: Pick<Search, 'history' | 'from' | 'ask'>,
  at: Dated,
  under: readonly string[],
): Promise<Step | undefined> {
  const touch = history.lastTouch({ upTo: at.oid, after: from?.oid, under });
  const parent = touch && history.before(touch.oid);
  return touch && parent && { touch, parent, older: await ask(parent) };
}

/**
 * The commit between, where the one that touched the files still gave the expected answer: another file can take a flag's
 * own out of service, such as one with the same name in other letters.
 */
async function narrow(
  search: Search,
  { touch, older, at, newer }: Step & { readonly at: Dated; readonly newer: AnswerAt },
): Promise<Found> {
  const after = await search.ask(touch);
  if (!search.isMet(after)) return { kind: 'ended', commit: touch, before: older, after };
  let last = newer;
  for (let end: Dated | undefined = at; end !== undefined; ) {
    const step = await stepBack({ ...search, from: touch }, end, [`${FLAGS_FOLDER}/`]);
    if (step === undefined) break;
    if (search.isMet(step.older)) {
      return { kind: 'ended', commit: step.touch, before: step.older, after: last };
    }
    last = step.older;
    end = step.parent;
  }
  throw new Error(`the answer changed after ${touch.oid} without a commit`);
}
