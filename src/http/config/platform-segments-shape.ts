import type { ProjectSnapshot, Segment } from '../../model/snapshot.js';
import type { Conditions } from '../admin/conditions.js';
import { type ShownSegment, shownSegment } from '../admin/segments-shape.js';
import type { ConfigOptions } from './default-place.js';
import { inMilliseconds } from './feature-shape.js';

/** A segment in the words of seed 002's sibling documents. */
export interface ShownPlatformSegment
  extends Omit<ShownSegment, 'id' | 'key' | 'projectId' | 'usedBy' | keyof Conditions> {
  readonly id: string;
  readonly rules: Conditions;
}

/** A segment of this project, with its times as of a commit; as of the one that is served where none is given. */
export function shownPlatformSegment(
  { cache }: ConfigOptions,
  segment: Segment,
  { project, asOf }: { readonly project: ProjectSnapshot; readonly asOf?: string },
): ShownPlatformSegment {
  const times = cache.history.timesOf(segment.path, asOf);
  const shown = shownSegment(segment, { project, times });
  return {
    id: segment.id,
    name: shown.name,
    description: shown.description,
    isActive: shown.isActive,
    includedUsers: shown.includedUsers,
    excludedUsers: shown.excludedUsers,
    includedCompanies: shown.includedCompanies,
    excludedCompanies: shown.excludedCompanies,
    rules: { operator: shown.operator, conditions: shown.conditions },
    createdAt: inMilliseconds(shown.createdAt),
    updatedAt: inMilliseconds(shown.updatedAt),
  };
}
