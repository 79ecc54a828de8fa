import type { CompiledEnvironment, CompiledFlag, CompiledProject } from '../../evaluation/compiled.js';
import type { FlagKey, OrgKey } from '../../model/keys.js';
import type { OrgSnapshot } from '../../model/snapshot.js';
import { changedEnvironments } from '../changed-environments.js';
import type { EnvironmentChange } from '../environment-change.js';

/** One version of an organization, compiled. */
export interface ComparedOrg {
  readonly snapshot: OrgSnapshot;
  /** By key. */
  readonly projects: ReadonlyMap<string, CompiledProject>;
}

/** One environment in which flags may answer otherwise. */
export interface ComparedEnvironment extends Omit<EnvironmentChange, 'flags'> {
  /** Undefined where it is not there. */
  readonly before: CompiledEnvironment | undefined;
  readonly after: CompiledEnvironment | undefined;
  /** In order of their keys. */
  readonly flags: readonly ComparedFlag[];
}

/** One flag in two versions; undefined where it is not there. */
export interface ComparedFlag {
  readonly key: FlagKey;
  readonly before: CompiledFlag | undefined;
  readonly after: CompiledFlag | undefined;
}

/** What to compare of two versions of one organization. Whatever is the same object in both is not looked at. */
export function compareOrg(
  before: ComparedOrg | undefined,
  after: ComparedOrg | undefined,
): readonly ComparedEnvironment[] {
  return changesOf(before?.snapshot, after?.snapshot).map(({ org, project, environment, flags }) => {
    const was = before?.projects.get(project)?.environments.get(environment);
    const is = after?.projects.get(project)?.environments.get(environment);
    const compared = flags.map((key) => ({ key, before: was?.flags.get(key), after: is?.flags.get(key) }));
    const differing = compared.filter((flag) => flag.before !== flag.after);
    return { org, project, environment, before: was, after: is, flags: differing };
  });
}

/** The same for all organizations, in order of their keys; environments without a flag to compare are left out. */
export function compareOrgs(
  before: ReadonlyMap<OrgKey, ComparedOrg>,
  after: ReadonlyMap<OrgKey, ComparedOrg>,
): readonly ComparedEnvironment[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys
    .flatMap((key) => compareOrg(before.get(key), after.get(key)))
    .filter(({ flags }) => flags.length > 0);
}

/** What came and what went change the same environments. */
function changesOf(
  before: OrgSnapshot | undefined,
  after: OrgSnapshot | undefined,
): readonly EnvironmentChange[] {
  if (after !== undefined) return changedEnvironments(before, after);
  return before === undefined ? [] : changedEnvironments(undefined, before);
}
