import { isSeq } from 'yaml';
import type { Pointer } from '../model/problem.js';
import type { JsonValue } from '../model/values.js';
import { addToBlock, putInBlock, removeFromBlock } from './edit-block.js';
import { addToFlow, putInFlow, removeFromFlow } from './edit-flow.js';
import type { Step } from './edit-steps.js';
import { columnOf, lastLineEnd, type Splice } from './lines.js';
import { flowEntry, flowText, printYaml } from './print.js';
import { quotingOf } from './quoting.js';
import {
  type Collection,
  collectionAt,
  contentEnd,
  indexOf,
  isFlow,
  itemsOf,
  nodeAt,
  type Source,
  startOf,
} from './yaml-source.js';

/** Where the text changes for one step. */
export function splicesOf(source: Source, step: Step): readonly Splice[] {
  switch (step.kind) {
    case 'put':
      return put(source, step.at, step.value);
    case 'remove':
      return drop(source, step.at, step.key);
    case 'drop':
      return drop(source, step.at, step.index);
    case 'add':
      return add(source, step);
    case 'insert':
      return insert(source, step);
  }
}

function put(source: Source, at: Pointer, value: JsonValue): readonly Splice[] {
  const last = at.at(-1);
  if (last === undefined) return putRoot(source, value);
  const collection = collectionAt(source, at.slice(0, -1));
  const item = itemsOf(collection)[indexOf(collection, last)];
  if (item === undefined) throw new Error(`nothing at /${at.join('/')}`);
  if (isFlow(collection)) return putInFlow(item, value);
  return putInBlock(source, { item, value, isListItem: isSeq(collection) });
}

/** The document's value; comments before and after it stay. */
function putRoot(source: Source, value: JsonValue): readonly Splice[] {
  const { root, text, eol } = source;
  const printed = printYaml(value).replaceAll('\n', eol);
  if (root === null || startOf(root) === contentEnd(root)) {
    const separator = text === '' || text.endsWith('\n') ? '' : eol;
    return [{ from: text.length, to: text.length, text: separator + printed }];
  }
  const to = lastLineEnd(text, contentEnd(root));
  return [{ from: startOf(root), to, text: printed.slice(0, -eol.length) }];
}

function drop(source: Source, at: Pointer, step: string | number): readonly Splice[] {
  const collection = collectionAt(source, at);
  const items = itemsOf(collection);
  const index = indexOf(collection, step);
  if (items.length === 1) return put(source, at, isSeq(collection) ? [] : {});
  return isFlow(collection) ? removeFromFlow(source, items, index) : removeFromBlock(source, items, index);
}

function add(source: Source, step: Step & { kind: 'add' }): readonly Splice[] {
  const collection = collectionAt(source, step.at);
  const items = itemsOf(collection);
  if (items.length === 0) return put(source, step.at, step.entries);
  const index = step.before === undefined ? items.length : indexOf(collection, step.before);
  if (isFlow(collection)) {
    const quoting = quotingOf(collection);
    const texts = Object.entries(step.entries).map((entry) => flowEntry(entry, quoting));
    return addToFlow(source, { items, index, texts });
  }
  const column = parentColumn(source, step.at);
  return addToBlock(source, { items, index, parentColumn: column, fresh: step });
}

function insert(source: Source, step: Step & { kind: 'insert' }): readonly Splice[] {
  const collection = collectionAt(source, step.at);
  const items = itemsOf(collection);
  const { index, values } = step;
  if (items.length === 0) return put(source, step.at, values);
  if (isFlow(collection)) {
    const quoting = quotingOf(collection);
    return addToFlow(source, { items, index, texts: values.map((value) => flowText(value, quoting)) });
  }
  return addToBlock(source, { items, index, parentColumn: parentColumn(source, step.at), fresh: { values } });
}

/** The column of the entry or item that holds the collection; the document itself is in column 0. */
function parentColumn(source: Source, at: Pointer): number {
  const last = at.at(-1);
  if (last === undefined) return 0;
  const parent = nodeAt(source, at.slice(0, -1)) as Collection;
  const item = itemsOf(parent)[indexOf(parent, last)];
  return item === undefined ? 0 : columnOf(source.text, item.start);
}
