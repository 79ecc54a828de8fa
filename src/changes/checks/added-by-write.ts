import type { CompiledProject } from '../../evaluation/compiled.js';
import { newProblems } from '../../files/checks/new-problems.js';
import { judgePolicyEnvironments } from '../../files/checks/policy-environments.js';
import type { Finding } from '../../files/parsed.js';
import { changedKeys } from '../../model/changed-keys.js';
import type { ConfigFile } from '../../model/config.js';
import type { OrgSnapshot, ProjectSnapshot } from '../../model/snapshot.js';
import { affectedFlags } from '../affected-flags.js';
import { judgeChecks } from './judge-checks.js';

/** An organization before and after a write, in which what did not change is the same object. */
export interface WriteChecking {
  readonly config: ConfigFile;
  /** Undefined where nothing was served. */
  readonly before: OrgSnapshot | undefined;
  readonly after: OrgSnapshot;
  /** The other organizations: together with them a policy may name environments. */
  readonly others: readonly OrgSnapshot[];
  /** The projects of `after`, compiled. */
  readonly compiled: (project: ProjectSnapshot) => CompiledProject | undefined;
  /** The clock, in epoch milliseconds. */
  readonly now: number;
}

/** What the checks beyond `load` say of what a write makes of an organization, and did not say of it before. */
export function checksAddedBy(checking: WriteChecking): readonly Finding[] {
  const { config, before, after, others, compiled, now } = checking;
  const touched = touchedPaths(before, after);
  const isWanted = (path: string): boolean => touched.has(path);
  const input = { config, isWanted, compiled, now };
  const old = before === undefined ? [] : judgeChecks({ ...input, orgs: [before] }).findings;
  const fresh = judgeChecks({
    ...input,
    orgs: [after],
    before: before === undefined ? [] : [before],
  }).findings;
  const policy = (org: readonly OrgSnapshot[]) => judgePolicyEnvironments(config, [...org, ...others]);
  const known = [...old, ...(before === undefined ? [] : policy([before]))];
  return newProblems(known, [...fresh, ...policy([after])]);
}

/** The files of the flags and segments that are another, and of the flags whose test cases may go otherwise. */
function touchedPaths(before: OrgSnapshot | undefined, after: OrgSnapshot): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const [key, project] of after.projects) {
    const old = before?.projects.get(key);
    if (old === project) continue;
    const changed = [...changedOf(old?.flags, project.flags), ...changedOf(old?.segments, project.segments)];
    for (const { path } of [...changed, ...affectedFlags(old, project)]) paths.add(path);
  }
  return paths;
}

function changedOf<Key, Thing>(
  before: ReadonlyMap<Key, Thing> | undefined,
  after: ReadonlyMap<Key, Thing>,
): readonly Thing[] {
  if (before === undefined) return [...after.values()];
  return changedKeys(before, after).flatMap((key) => after.get(key) ?? []);
}
