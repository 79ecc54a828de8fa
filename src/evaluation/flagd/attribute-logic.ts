import type { Refuse } from './inexpressible.js';
import { type Logic, variable } from './logic.js';

/** The attribute by its name, where flagd finds the same under it. */
export function readAttribute(name: string, refuse: Refuse): Logic {
  if (isPlain(name)) return variable(name);
  return refuse('attribute', `flagd does not find the same under the name ${JSON.stringify(name)}`);
}

/**
 * flagd takes a dot for the way into an object (and, unlike us, into lists and text), never as part of a name; it reads
 * what every object inherits; and it has an attribute of its own. Digits may mean a place in a list.
 */
export function isPlain(name: string): boolean {
  return !/[.\\/]/.test(name) && !/^\d+$/.test(name) && !(name in Object.prototype) && name !== '$flagd';
}
