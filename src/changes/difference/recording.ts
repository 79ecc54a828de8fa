import type { Recording, Recordings } from '../../model/recording.js';
import { type Pairing, pairByName } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { arrow, comingAndGoing, textOf } from './words.js';

/** The differences of what is recorded; the order of environments and attributes does not count. */
export function diffRecordings({
  before = {},
  after = {},
}: Versions<Recordings | undefined>): readonly PartDifference[] {
  if (isSame(before, after)) return [];
  return pairByName({ before: named(before), after: named(after) }).flatMap(recordingChange);
}

function named(recordings: Recordings) {
  return Object.entries(recordings).map(([name, item], place) => ({ name, item, place }));
}

function recordingChange({ name, before, after }: Pairing<Recording>): readonly PartDifference[] {
  const versions = { before: before?.item, after: after?.item };
  const change = changeIn(versions);
  if (change === '') return [];
  const part = { kind: 'entry', list: 'recording', name } as const;
  const sentence = `recording ${change}`;
  return [tell({ part, at: ['recording', name], environment: name, ...versions, sentence })];
}

function changeIn({ before, after }: Versions<Recording | undefined>): string {
  if (before === undefined && after === undefined) return '';
  if (after === undefined) return 'ends';
  if (before === undefined) return `of ${after.percentage} % begins${wholeList(after)}`;
  const share =
    before.percentage === after.percentage ? [] : [arrow(`${before.percentage} %`, `${after.percentage} %`)];
  return [
    ...share,
    ...listChange('attributes', { before: before.attributes, after: after.attributes }),
    ...listChange('hashed', { before: before.hashed, after: after.hashed }),
  ].join(', ');
}

function wholeList({ attributes = [], hashed = [] }: Recording): string {
  const plain = attributes.length === 0 ? '' : `: ${attributes.map(textOf).join(', ')}`;
  return hashed.length === 0 ? plain : `${plain}; hashed: ${hashed.map(textOf).join(', ')}`;
}

function listChange(
  name: string,
  { before = [], after = [] }: Versions<readonly string[] | undefined>,
): string[] {
  const added = after.filter((one) => !before.includes(one)).map(textOf);
  const removed = before.filter((one) => !after.includes(one)).map(textOf);
  const change = comingAndGoing(added, removed);
  return change === '' ? [] : [`${name}: ${change}`];
}
