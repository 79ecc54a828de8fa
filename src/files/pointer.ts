import { isMap, isScalar, isSeq, type Node, type ParsedNode } from 'yaml';
import type { Pointer } from '../model/problem.js';

/** Which end of `key: value` is meant. `auto` is the key where a map, a list or nothing hangs on it, else the value. */
export type PointerPart = 'key' | 'auto';

/** Where in the text a pointer leads, in UTF-16 units from 0; as near as the document goes where it leads nowhere. */
export function pointerOffset(root: ParsedNode, at: Pointer, part: PointerPart): number {
  let node: Node | null = root;
  let offset = root.range[0];
  for (const [place, step] of at.entries()) {
    const next = childOf(node, step);
    if (next === undefined) return offset;
    node = next.value;
    const isLast = place === at.length - 1;
    offset = isLast && part === 'key' ? (next.key ?? next).offset : next.offset;
  }
  return offset;
}

interface Child {
  readonly key: { readonly offset: number } | undefined;
  readonly value: Node | null;
  readonly offset: number;
}

function childOf(node: Node | null, step: string | number): Child | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
    const key = startOf(pair?.key as Node | null | undefined);
    if (pair === undefined || key === undefined) return undefined;
    const value = pair.value as Node | null;
    const hasText = isScalar(value) && startOf(value) !== endOf(value);
    return { key: { offset: key }, value, offset: hasText ? (startOf(value) ?? key) : key };
  }
  if (!isSeq(node) || typeof step !== 'number') return undefined;
  const value = node.items[step] as Node | null | undefined;
  const offset = startOf(value);
  return value === undefined || offset === undefined ? undefined : { key: undefined, value, offset };
}

function startOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[0];
}

function endOf(node: Node | null | undefined): number | undefined {
  return node?.range?.[1];
}
