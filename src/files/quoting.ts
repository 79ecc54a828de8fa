import { isCollection, isPair, isScalar, type Node, type Scalar } from 'yaml';
import { isMoment, type Quoting } from './scalar-text.js';

/** The quotes that a flow collection has around its keys, or around those of the first map in it; JSON has them everywhere. */
export function quotingOf(node: Node): Quoting {
  const [first]: readonly unknown[] = isCollection(node) ? node.items : [];
  if (isCollection(first)) return quotingOf(first);
  const key = isPair(first) ? first.key : undefined;
  return isScalar(key) ? scalarQuoting(key) : 'plain';
}

/** The quotes that a scalar has. */
export function scalarQuoting({ type, value }: Scalar): Quoting {
  if (type === 'QUOTE_DOUBLE') return 'double';
  if (type === 'QUOTE_SINGLE') return 'single';
  return typeof value === 'string' && isMoment(value) ? 'plain moment' : 'plain';
}
