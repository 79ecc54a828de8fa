import type { Dial, Gate, Shares } from '../share.js';
import { isAscii } from './ascii.js';
import { isPlain } from './attribute-logic.js';
import type { Refuse } from './inexpressible.js';
import { allOf, anyOf, type Case, firstOf, isSame, type Logic, variable } from './logic.js';
import { placesCaller } from './value-logic.js';

/** The logic that the gate lets the caller in. */
export function gateLogic(gate: Gate, refuse: Refuse): Logic {
  const parts: readonly Part[] = [
    ['in', gate.threshold],
    ['out', gate.total - gate.threshold],
  ];
  return allOf([hasValue(gate), isSame(fractional(gate, parts, refuse), 'in')]);
}

/** The case of a split: those who can be placed get a variant by their place. */
export function sharesCase(shares: Shares, refuse: Refuse): Case {
  const parts = shares.bounds.map(({ variant, below }, index): Part => {
    return [variant, below - (shares.bounds[index - 1]?.below ?? 0)];
  });
  return { when: hasValue(shares), gives: fractional(shares, parts, refuse) };
}

/** A name and its weight. */
type Part = readonly [string, number];

/** flagd hashes the text that stands first. Some of its cores hash UTF-16 units where we hash UTF-8; of ASCII both are the same. */
function fractional(dial: Dial, parts: readonly Part[], refuse: Refuse): Logic {
  if (!isAscii(dial.salt)) {
    refuse('salt', 'a salt that is not ASCII is hashed otherwise by some of flagd');
  }
  if (!isPlain(dial.bucketBy)) {
    refuse('bucketBy', `flagd does not find the same under the name ${JSON.stringify(dial.bucketBy)}`);
  }
  return { fractional: [hashedText(dial), ...parts] };
}

function hasValue(dial: Dial): Logic {
  return anyOf(attributesOf(dial).map(placesCaller));
}

function hashedText(dial: Dial): Logic {
  const attributes = attributesOf(dial);
  const texts = attributes.map((attribute) => ({
    when: placesCaller(attribute),
    gives: { cat: [dial.salt, variable(attribute)] },
  }));
  const last = texts.at(-1);
  return last === undefined ? null : firstOf(texts.slice(0, -1), last.gives);
}

/** Without a targetingKey the userId places the caller. */
function attributesOf({ bucketBy }: Dial): readonly string[] {
  return bucketBy === 'targetingKey' ? ['targetingKey', 'userId'] : [bucketBy];
}
