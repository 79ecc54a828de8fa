import type { Pointer, Problem } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { opened } from './edit-open.js';
import { fileBroken, noSuchPlace } from './edit-refusal.js';
import { splicesOf } from './edit-splices.js';
import { isPossible, itemStep, obstacleOf, type Step, stepsBetween, valueAfter } from './edit-steps.js';
import { placed } from './issue.js';
import { ItemSteps } from './item-steps.js';
import { locateRead } from './locate.js';
import { isSameValue } from './same-value.js';
import { SpliceSet } from './splice-set.js';
import { type Source, spliced } from './yaml-source.js';

/** One difference in a file, at a place in its data. */
export type Edit = SetEdit | InsertEdit | RemoveEdit;

/** The place has this value afterwards. What is missing on the way is made; the place after a list's last item appends. */
export interface SetEdit {
  readonly at: Pointer;
  readonly set: JsonValue;
  /** A key that is new goes before the first of these that the map has; behind all others where it has none of them. */
  readonly before?: readonly string[];
}

/** The value becomes the list's item of that number, and those from there on move up. */
export interface InsertEdit {
  readonly at: Pointer;
  readonly insert: JsonValue;
}

/** The place is not there afterwards; nothing happens where it was not. */
export interface RemoveEdit {
  readonly at: Pointer;
  readonly remove: true;
}

/** So often what is left may be looked at again. Steps meet in one place only here and there, so a few times do. */
const PASSES_LIMIT = 50;

/**
 * Applies edits to a YAML file, one after the other, by splicing at the source ranges of what they name. Layout is the
 * author's: comments, order, quoting, flow or block style, line ends and a byte order mark stay, and lines that no edit
 * means stay as they are, but for what becomes too much for a line between brackets. A place that has the wanted value
 * already is left alone. Gives the new source.
 *
 * The result is read again and compared with what was meant; an `Error` is thrown where it stays different, because it
 * would be a bug, and silence would be a loss.
 */
export function editSource(source: Source, edits: readonly Edit[]): Source {
  const open = opened(source, edits.reduce<JsonValue>(valueAfter, source.value));
  let steps = new ItemSteps(open);
  let meant = open.value;
  let isBehind = false;
  for (const edit of edits) {
    const step = itemStep(meant, edit);
    if (step !== undefined) {
      if (isBehind) steps = new ItemSteps(reshaped(steps.done(), meant));
      steps.take(step);
    }
    isBehind = step === undefined;
    meant = valueAfter(meant, edit);
  }
  return reshaped(steps.done(), meant);
}

/**
 * Those of the edits, applied one after the other, that change the value. Throws `Failure` FILE_BROKEN where something
 * stands in the way of one that can hold nothing, and NO_SUCH_PLACE where the file can have nothing at its place.
 */
export function effectiveEdits(source: Source, edits: readonly Edit[]): readonly Edit[] {
  let current = source.value;
  return edits.filter((edit) => {
    const before = current;
    const obstacle = obstacleOf(before, edit);
    if (obstacle !== undefined) throw fileBroken([inTheWay(source, obstacle)]);
    if (!isPossible(before, edit)) throw noSuchPlace(source.path, edit.at);
    current = valueAfter(before, edit);
    return !isSameValue(before, current);
  });
}

function inTheWay(source: Source, at: Pointer): Problem {
  const message = placed(at, 'what is here can hold nothing; a map or a list was wanted');
  const [place = { line: 1, column: 1 }] = locateRead(source, [at]);
  return { path: source.path, ...place, code: 'WRONG_TYPE', severity: 'error', message };
}

/** The text whose value is the one that is meant. */
function reshaped(source: Source, meant: JsonValue): Source {
  let current = source;
  for (let pass = 0; pass < PASSES_LIMIT; pass += 1) {
    if (isSameValue(current.value, meant)) return current;
    current = applySteps(current, stepsBetween(current.value, meant));
  }
  throw new Error(`${source.path}: the edit went wrong`);
}

/** As many of the steps as do not meet in the text, so that it is read once for all of them. */
function applySteps(source: Source, steps: readonly Step[]): Source {
  const chosen = new SpliceSet();
  for (const step of steps) chosen.add(splicesOf(source, step));
  return spliced(source, chosen.pieces);
}
