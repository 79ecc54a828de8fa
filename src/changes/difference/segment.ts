import { comparable } from '../../evaluation/names.js';
import type { Names, SegmentFile } from '../../model/segment.js';
import { conditionsChange } from './conditions.js';
import { whoIn } from './exceptions.js';
import { diffField, diffMoment } from './field.js';
import type { KeyPath } from './identity.js';
import { diffNames } from './identity.js';
import { type NamedItem, type Pairing, pairInSteps } from './pairing.js';
import { type PartDifference, tell, type Versions } from './part-difference.js';
import { isSame } from './same.js';
import { flatMapInSteps, type Steps } from './steps.js';
import { wordOf } from './words.js';

/** The differences of a segment's file. */
export function* diffSegment(
  segments: Versions<SegmentFile>,
  path: KeyPath,
): Steps<readonly PartDifference[]> {
  const { before, after } = segments;
  const active = { before: before.active !== false, after: after.active !== false };
  return [
    ...diffNames(segments, { ...path, prefix: 'seg' }),
    ...diffField({ name: 'active', ...active }, (now) => (now.after ? 'now active' : 'now inactive')),
    ...(yield* diffMembers({ before: before.include, after: after.include }, 'include')),
    ...(yield* diffMembers({ before: before.exclude, after: after.exclude }, 'exclude')),
    ...diffWhen({ before: before.when, after: after.when }),
    ...diffMoment({ name: 'createdAt', before: before.createdAt, after: after.createdAt }, 'creation time'),
    ...diffMoment({ name: 'updatedAt', before: before.updatedAt, after: after.updatedAt }, 'update time'),
  ];
}

function diffWhen({ before, after }: Versions<SegmentFile['when']>): readonly PartDifference[] {
  const without = { first: 'members now by condition too:', gone: 'members by name only' };
  const change = conditionsChange({ before, after }, without);
  if (change === undefined) return [];
  return diffField({ name: 'when', before, after }, () => change);
}

type MemberList = 'include' | 'exclude';

/** Users' addresses compare without regard to case; neither order nor doubles count. */
function* diffMembers(
  { before, after }: Versions<Names | undefined>,
  list: MemberList,
): Steps<readonly PartDifference[]> {
  if (isSame(before, after)) return [];
  const told: (readonly PartDifference[])[] = [];
  for (const kind of KINDS) {
    const pairs = yield* pairInSteps({ before: membersOf(before, kind), after: membersOf(after, kind) });
    told.push(yield* flatMapInSteps(pairs, (pair) => memberChange(pair, list, kind)));
  }
  return told.flat();
}

function memberChange(
  { before: old, after: now }: Pairing<string>,
  list: MemberList,
  kind: keyof Names,
): readonly PartDifference[] {
  if (old !== undefined && now !== undefined) return [];
  const { item = '', place = 0 } = now ?? old ?? {};
  const part = { kind: 'member', list, who: whoIn(kind), name: item } as const;
  const sentence = `${wordOf(item)} ${now === undefined ? 'no longer ' : ''}${list}d`;
  return [tell({ part, at: [list, kind, place], before: old?.item, after: now?.item, sentence })];
}

const KINDS = ['users', 'companies'] as const;

function membersOf(names: Names | undefined, kind: keyof Names): readonly NamedItem<string>[] {
  const compared = kind === 'users' ? comparable : (name: string) => name;
  return (names?.[kind] ?? []).map((item, place) => ({ name: compared(item), item, place }));
}
