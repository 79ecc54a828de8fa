import { allOf, anyOf, ELEMENT, isSame, type Logic, not, variable } from './logic.js';

/**
 * What is asked of one value. Ours are strict tests, flagd's operations coerce, and some fail on a type that they do not
 * know, which would make an answer an error; so each of these looks at the type first. `and` ends at the first that does
 * not hold. flagd's own operations (starts_with and the like) work on the context alone, not on the elements of a list.
 */

/** The attribute is there. */
export function isThere(value: Logic): Logic {
  return { '!==': [value, null] };
}

/** The attribute is text. */
export function isText(attribute: string): Logic {
  return startsWith(attribute, '');
}

/** The attribute is text that starts so. */
export function startsWith(attribute: string, start: string): Logic {
  return { starts_with: [variable(attribute), start] };
}

/** The attribute is text that ends so. */
export function endsWith(attribute: string, end: string): Logic {
  return { ends_with: [variable(attribute), end] };
}

/** The value is a list. */
export function isList(value: Logic): Logic {
  return not(isSingle(value));
}

/** The elements of a list, or the value alone. */
export function elementsOf(value: Logic): Logic {
  return { merge: [value] };
}

/** Some element of the list passes, or the value itself where it is none. `test` is of `ELEMENT`. */
export function someElement(value: Logic, test: Logic): Logic {
  return { some: [elementsOf(value), test] };
}

/** The element of an iteration is text: only text is what it is written as. */
export const IS_TEXT_ELEMENT: Logic = isSame(writtenAs(ELEMENT), ELEMENT);

/** The value is a number: it is written as numbers are, and is neither text nor a list. */
export function isNumber(value: Logic): Logic {
  const written = writtenAs(value);
  return allOf([
    isThere(value),
    isSingle(value),
    not(isSame(written, value)),
    { in: [{ substr: [written, 0, 1] }, NUMBER_STARTS] },
  ]);
}

/** The attribute is text or a number that places a caller; empty text places nobody. */
export function placesCaller(attribute: string): Logic {
  const value = variable(attribute);
  return anyOf([allOf([isText(attribute), { '!==': [value, ''] }]), isNumber(value)]);
}

/** As text. With a part before it: alone, a value that is missing would be an error. */
function writtenAs(value: Logic): Logic {
  return { cat: ['', value] };
}

/** The value is no list: all but a list is an element of the list that `merge` makes of it. */
function isSingle(value: Logic): Logic {
  return { in: [value, elementsOf(value)] };
}

/** A list, for in a text of them the empty text would be found too. */
const NUMBER_STARTS: Logic = ['-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
