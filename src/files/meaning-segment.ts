import { comparable } from '../evaluation/names.js';
import type { Names, SegmentFile } from '../model/segment.js';
import { type Issue, placed, warningAt } from './issue.js';
import { judgeClauses } from './meaning-clause.js';
import { judgeMoment } from './meaning-names.js';
import { judgeContradiction } from './meaning-reach.js';

/** What a segment's file says that cannot be meant, as far as it alone can tell. */
export function judgeSegment(segment: SegmentFile): Issue[] {
  return [
    ...judgeMoment(segment.createdAt, ['createdAt']),
    ...judgeMoment(segment.updatedAt, ['updatedAt']),
    ...judgeExcluded(segment, 'users'),
    ...judgeExcluded(segment, 'companies'),
    ...judgeClauses(segment.when ?? [], ['when'], 'segment'),
    ...judgeContradiction(segment.when ?? [], ['when']),
  ];
}

function judgeExcluded({ include, exclude }: SegmentFile, list: keyof Names): Issue[] {
  const compared = list === 'users' ? comparable : (name: string) => name;
  const excluded = new Set((exclude?.[list] ?? []).map(compared));
  if (excluded.size === 0) return [];
  return (include?.[list] ?? []).flatMap((name, place) => {
    if (!excluded.has(compared(name))) return [];
    const at = ['include', list, place];
    return [warningAt(at, 'UNREACHABLE', placed(at, 'the name is excluded too, and exclude beats include'))];
  });
}
