import { endOfDay } from '../../evaluation/check.js';
import { constantVariant } from '../../files/checks/constant-flag.js';
import { pathOf } from '../../files/paths.js';
import { type Uses, usesOfFlag, usesOfSegment } from '../../files/uses.js';
import { flagVariants } from '../../model/flag.js';
import type { Flag, ProjectSnapshot, Segment } from '../../model/snapshot.js';
import type { Candidate, Constant, FlagCandidate, OverrideCandidate, SegmentCandidate } from './candidate.js';

/** What is known of a project besides its snapshot. */
export interface CandidateSearch {
  readonly project: ProjectSnapshot;
  /** False where a file of it cannot be read: it may use any segment. */
  readonly isWhole: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Every flag, the segments that no flag reaches and the overrides that are past, in order of their keys. */
export function findCandidates({ project, isWhole, now }: CandidateSearch): readonly Candidate[] {
  const flags = [...project.flags.values()];
  const askers = askersOf(flags);
  return [
    ...flags.map((flag) => flagCandidate({ project, flag, now, askers: askers.get(flag.key) ?? [] })),
    ...flags.flatMap((flag) => pastOverrides(project, flag, now)),
    ...(isWhole ? unusedSegments(project) : []),
  ];
}

interface FlagInProject {
  readonly project: ProjectSnapshot;
  readonly flag: Flag;
  readonly now: number;
  readonly askers: readonly string[];
}

function flagCandidate({ project, flag, now, askers }: FlagInProject): FlagCandidate {
  const { key, path, file } = flag;
  const { owner, expires } = file;
  const isPast = expires !== undefined && isOver(expires, now);
  return {
    kind: 'flag',
    project,
    key,
    path,
    owner,
    files: filesOf(project, flag),
    expired: isPast ? expires : undefined,
    isDeprecated: file.status === 'deprecated',
    // A day of removal that is still to come has been thought about.
    constant: expires === undefined || isPast ? constantOf(flag, project, now) : undefined,
    askers,
  };
}

function constantOf(flag: Flag, project: ProjectSnapshot, now: number): Constant | undefined {
  const variant = constantVariant(flag, project, now);
  const value = variant === undefined ? undefined : flagVariants(flag.file)[variant];
  return variant === undefined || value === undefined ? undefined : { variant, value };
}

function pastOverrides(
  project: ProjectSnapshot,
  { key, file, overrides }: Flag,
  now: number,
): readonly OverrideCandidate[] {
  const path = pathOf({ kind: 'overrides', org: project.org, project: project.key, key });
  return overrides.flatMap(({ until }, place) =>
    until !== undefined && isOver(until, now)
      ? [{ kind: 'override', project, key, path, owner: file.owner, files: [], place, until } as const]
      : [],
  );
}

/** One that only a segment uses, which no flag reaches, is not reached either. */
function unusedSegments(project: ProjectSnapshot): readonly SegmentCandidate[] {
  const segments: ReadonlyMap<string, Segment> = project.segments;
  const reached = new Set<string>();
  const reach = ({ segments: named }: Uses): void => {
    for (const { key } of named) reached.add(key);
  };
  for (const { file } of project.flags.values()) reach(usesOfFlag(file));
  // A set gives what is added to it meanwhile, too.
  for (const key of reached) {
    const segment = segments.get(key);
    if (segment !== undefined) reach(usesOfSegment(segment.file));
  }
  return [...segments.values()]
    .filter(({ key }) => !reached.has(key))
    .map(({ key, path }) => ({ kind: 'segment', project, key, path, owner: undefined, files: [path] }));
}

/** Overrides and tests of a flag that is gone would be errors. */
function filesOf(
  { org, key: project }: ProjectSnapshot,
  { key, path, overrides, tests }: Flag,
): readonly string[] {
  const beside = (kind: 'overrides' | 'tests'): string => pathOf({ kind, org, project, key });
  return [
    path,
    ...(overrides.length === 0 ? [] : [beside('overrides')]),
    ...(tests.length === 0 ? [] : [beside('tests')]),
  ];
}

/** Who requires each flag, or asks it in a rule. */
function askersOf(flags: readonly Flag[]): ReadonlyMap<string, readonly string[]> {
  const askers = new Map<string, Set<string>>();
  for (const { key: asker, file } of flags) {
    for (const { key } of usesOfFlag(file).flags) askers.set(key, (askers.get(key) ?? new Set()).add(asker));
  }
  return new Map([...askers].map(([key, names]) => [key, [...names]]));
}

function isOver(day: string, now: number): boolean {
  const end = endOfDay(day);
  return end !== undefined && end <= now;
}
