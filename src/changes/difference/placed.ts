import type { FileKind, FileValues, ParsedFile } from '../../files/parsed.js';
import type { Place } from '../../files/paths.js';
import type { Difference } from '../difference.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import type { Steps } from './steps.js';
import { diffValues } from './values.js';
import { type CameOrWent, contentOf, tellWhole } from './whole.js';

/** One version of a file. */
export interface Side {
  readonly blob: string;
  readonly parsed: ParsedFile | undefined;
}

/** A file of which at least one version is there, in two versions whose texts differ. */
export interface ChangedFile {
  readonly before: Side | undefined;
  readonly after: Side | undefined;
  /** With what a version that is readable again is compared. */
  readonly lastReadable?: Side | undefined;
  /** Undefined for a file that is not read. */
  readonly place: Place | undefined;
  /** True for the overrides and tests of a flag that comes or goes together with them. */
  readonly goesAlong: boolean;
}

type Value = FileValues[FileKind];

/** The differences of one file. */
export function* diffPlaced(file: ChangedFile): Steps<readonly PartDifference[]> {
  const { before, after, place } = file;
  const action = actionOn(file);
  if (place === undefined) return [tell({ part: WHOLE, at: [], action, sentence: action })];
  const versions = { before: before?.parsed?.value, after: after?.parsed?.value };
  if (action !== 'changed')
    return yield* diffCameOrWent({ action, place, value: versions.after ?? versions.before }, file);
  const { before: old, after: now } = versions;
  if (old === undefined || now === undefined) {
    const lastReadable = file.lastReadable?.parsed?.value;
    return [tellReadable(versions, place), ...(yield* diffSince(lastReadable, now, place))];
  }
  return orLayout(yield* diffValues(place, { before: old, after: now }), action);
}

const WHOLE = { kind: 'whole' } as const;

function actionOn({ before, after }: ChangedFile): Exclude<Difference['action'], 'moved'> {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}

/** A list that is not there is an empty one, so that each of its entries comes and goes by itself. */
function* diffCameOrWent(whole: CameOrWent, { goesAlong }: ChangedFile): Steps<readonly PartDifference[]> {
  const { action, place, value } = whole;
  if (!Array.isArray(value)) return [tellWhole(whole)];
  if (goesAlong) return value.length === 0 ? [] : [tellWhole(whole)];
  const versions = action === 'added' ? { before: [], after: value } : { before: value, after: [] };
  return orLayout(yield* diffValues(place, versions), action);
}

function orLayout(
  differences: readonly PartDifference[],
  action: Difference['action'],
): readonly PartDifference[] {
  if (differences.length > 0) return differences;
  return [
    tell({ part: { kind: 'layout' }, at: [], action, sentence: 'layout changed, the meaning is the same' }),
  ];
}

function* diffSince(
  lastReadable: Value | undefined,
  now: Value | undefined,
  place: Place,
): Steps<readonly PartDifference[]> {
  if (lastReadable === undefined || now === undefined) return [];
  return yield* diffValues(place, { before: lastReadable, after: now });
}

function tellReadable({ before, after }: Versions<Value | undefined>, place: Place): PartDifference {
  const content = { before: contentOf({ place, value: before }), after: contentOf({ place, value: after }) };
  const sentence =
    before === undefined && after === undefined ? 'changed, and still not readable' : undefined;
  return tell({
    part: { kind: 'readable' },
    at: [],
    ...content,
    action: 'changed',
    sentence: sentence ?? (after === undefined ? 'no longer readable' : 'readable again'),
  });
}
