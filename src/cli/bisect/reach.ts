import type { CompiledFlag, CompiledSegment, Use } from '../../evaluation/compiled.js';
import { pathOf } from '../../files/paths.js';
import type { FlagKey, OrgKey, ProjectKey, SegmentKey } from '../../model/keys.js';

/** A flag by its keys, whether it is there or not. */
export interface BisectedFlag {
  readonly org: OrgKey;
  readonly project: ProjectKey;
  readonly flag: FlagKey;
}

/**
 * The files that an answer of the flag may come from in this version: those of the flag, of every flag and segment that it
 * asks, however far away, and those that say what the project is. A version in which all of them are the same gives the same
 * answer, whatever else is different.
 */
export function reachOf(
  { org, project, flag }: BisectedFlag,
  compiled: CompiledFlag | undefined,
): readonly string[] {
  const paths = new Set([
    pathOf({ kind: 'org', org }),
    pathOf({ kind: 'project', org, project }),
    ...pathsOfFlag({ org, project, flag }),
  ]);
  const seen = new Set<CompiledFlag | CompiledSegment>();
  const waiting: Use[] = [...(compiled?.uses ?? [])];
  for (let use = waiting.pop(); use !== undefined; use = waiting.pop()) {
    for (const path of pathsOfUse({ org, project }, use)) paths.add(path);
    if (use.target === undefined || seen.has(use.target)) continue;
    seen.add(use.target);
    waiting.push(...use.target.uses);
  }
  return [...paths];
}

function pathsOfUse(
  place: { readonly org: OrgKey; readonly project: ProjectKey },
  { kind, key }: Use,
): readonly string[] {
  if (kind === 'flag') return pathsOfFlag({ ...place, flag: key as FlagKey });
  return [pathOf({ kind: 'segment', ...place, key: key as SegmentKey })];
}

/** Its tests say what it must answer, and never what it does. */
function pathsOfFlag({ org, project, flag: key }: BisectedFlag): readonly string[] {
  return (['flag', 'overrides'] as const).map((kind) => pathOf({ kind, org, project, key }));
}
