import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { splicesOf } from './edit-splices.js';
import { type Step, stepsOf, valueAfter } from './edit-steps.js';
import { splice } from './lines.js';
import { readSource, type Source } from './yaml-source.js';

/** One difference in a file, at a place in its data. */
export type Edit = SetEdit | InsertEdit | RemoveEdit;

/** The place has this value afterwards. What is missing on the way is made; the place after a list's last item appends. */
export interface SetEdit {
  readonly at: Pointer;
  readonly set: JsonValue;
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

/** Editors of some systems put it before the first character. It belongs to no line. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Applies edits to a YAML text, one after the other, by splicing at the source ranges of what they name. Layout is the
 * author's: comments, order, quoting, flow or block style, line ends and a byte order mark stay, and lines that no edit
 * means stay as they are. A place that has the wanted value already is left alone.
 *
 * Throws `Failure` FILE_BROKEN where the text is no YAML. The result is read again and compared with what was meant; a
 * difference throws an `Error`, because it would be a bug, and silence would be a loss.
 */
export function editText(text: string, edits: readonly Edit[]): string {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  let source = readSource(text.slice(mark.length));
  let meant = source.value;
  for (const edit of edits) {
    meant = valueAfter(meant, edit);
    for (const step of stepsOf(source.value, edit)) source = applyStep(source, step);
    if (!isSame(source.value, meant)) throw new Error(`the edit of /${edit.at.join('/')} went wrong`);
  }
  return mark + source.text;
}

function applyStep(source: Source, step: Step): Source {
  return readSource(splice(source.text, splicesOf(source, step)));
}

/** Order counts, because the order of a split places people. */
function isSame(one: JsonValue, other: JsonValue): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
