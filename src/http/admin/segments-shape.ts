import { usesOfFlag, usesOfSegment } from '../../files/uses.js';
import { numericId } from '../../model/ids.js';
import type { ProjectSnapshot, Segment } from '../../model/snapshot.js';
import type { FileTimes } from '../../repository/served.js';
import { type Conditions, shownConditions } from './conditions.js';

/** A segment in the words of the admin API. */
export interface ShownSegment extends Conditions {
  readonly id: number;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly isActive: boolean;
  readonly includedUsers: readonly string[];
  readonly excludedUsers: readonly string[];
  readonly includedCompanies: readonly string[];
  readonly excludedCompanies: readonly string[];
  readonly projectId: number;
  /** What needs it, and so keeps it from being deleted. */
  readonly usedBy: readonly SegmentUser[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A flag that asks the segment or has it attached in these environments, or a segment that asks it. */
export type SegmentUser =
  | {
      readonly type: 'flag';
      readonly id: number;
      readonly key: string;
      readonly environments: readonly string[];
    }
  | { readonly type: 'segment'; readonly id: number; readonly key: string };

/** A segment of this project. What its file does not say of times, history does. */
export function shownSegment(
  { key, id, file }: Segment,
  { project, times }: { readonly project: ProjectSnapshot; readonly times: FileTimes | undefined },
): ShownSegment {
  return {
    id: numericId(id),
    key,
    name: file.name ?? key,
    description: file.description ?? '',
    isActive: file.active !== false,
    includedUsers: file.include?.users ?? [],
    excludedUsers: file.exclude?.users ?? [],
    includedCompanies: file.include?.companies ?? [],
    excludedCompanies: file.exclude?.companies ?? [],
    ...shownConditions(file.when),
    projectId: numericId(project.id),
    usedBy: usersIn(project).get(key) ?? [],
    createdAt: file.createdAt ?? times?.createdAt ?? '',
    updatedAt: file.updatedAt ?? times?.updatedAt ?? '',
  };
}

const users = new WeakMap<ProjectSnapshot, ReadonlyMap<string, readonly SegmentUser[]>>();

/** By segment, in order of the keys, flags first. Worked out once for each snapshot. */
function usersIn(project: ProjectSnapshot): ReadonlyMap<string, readonly SegmentUser[]> {
  const known = users.get(project);
  if (known !== undefined) return known;
  const found = new Map<string, SegmentUser[]>();
  const add = (segment: string, user: SegmentUser) => {
    found.set(segment, [...(found.get(segment) ?? []), user]);
  };
  for (const { key, id, file } of project.flags.values()) {
    const uses = usesOfFlag(file).segments;
    for (const segment of new Set(uses.map((use) => use.key))) {
      const environments = uses.filter((use) => use.key === segment).map(({ environment }) => environment);
      add(segment, { type: 'flag', id: numericId(id), key, environments: [...new Set(environments)] });
    }
  }
  for (const { key, id, file } of project.segments.values()) {
    for (const segment of new Set(usesOfSegment(file).segments.map((use) => use.key)))
      add(segment, { type: 'segment', id: numericId(id), key });
  }
  users.set(project, found);
  return found;
}
