import { referencesOfState } from '../evaluation/reference.js';
import { usesOfFlag, usesOfSegment } from '../files/uses.js';
import { changedKeys } from '../model/changed-keys.js';
import { environmentState, type FlagFile, flagType, flagVariants, type Rule } from '../model/flag.js';
import type { EnvironmentKey, FlagKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { OverridesFile } from '../model/override.js';
import type { Flag, OrgSnapshot, ProjectSnapshot, Segment } from '../model/snapshot.js';
import type { EnvironmentChange } from './environment-change.js';

/**
 * The environments in which flags may answer otherwise than before, in order of projects and environments: the flag's own
 * words for that environment, its exceptions there, or a segment or flag that it asks there, however far away. What is the
 * same object in both snapshots is not looked into, so the work follows what changed.
 */
export function changedEnvironments(
  before: OrgSnapshot | undefined,
  after: OrgSnapshot,
): readonly EnvironmentChange[] {
  if (before === after) return [];
  const keys = new Set<ProjectKey>([...(before?.projects.keys() ?? []), ...after.projects.keys()]);
  return [...keys].sort().flatMap((project) => {
    const versions = { before: before?.projects.get(project), after: after.projects.get(project) };
    return changesOfProject(versions).map((change) => ({ org: after.key, project, ...change }));
  });
}

type ProjectChange = Pick<EnvironmentChange, 'environment' | 'flags'>;

function changesOfProject({
  before,
  after,
}: {
  readonly before: ProjectSnapshot | undefined;
  readonly after: ProjectSnapshot | undefined;
}): readonly ProjectChange[] {
  if (before === after) return [];
  const difference = before && after && differenceOf(before, after);
  const environments = new Set([...(after?.environments ?? []), ...(before?.environments ?? [])]);
  return [...environments].flatMap((environment) => {
    const isIn = (project: ProjectSnapshot | undefined) => project?.environments.includes(environment);
    if (difference !== undefined && isIn(before) && isIn(after)) {
      return changeOf(environment, changedFlags(difference, environment));
    }
    return changeOf(environment, [...((isIn(after) ? after : before)?.flags.keys() ?? [])]);
  });
}

function changeOf(environment: EnvironmentKey, flags: readonly FlagKey[]): readonly ProjectChange[] {
  return flags.length === 0 ? [] : [{ environment, flags }];
}

/** What is different between two versions of a project, whatever the environment. */
interface Difference {
  readonly before: ProjectSnapshot;
  readonly after: ProjectSnapshot;
  /** The flags that are another object, came or went. */
  readonly flags: readonly FlagKey[];
  /** The segments of which others may be members now. */
  readonly segments: ReadonlySet<string>;
}

function differenceOf(before: ProjectSnapshot, after: ProjectSnapshot): Difference {
  return {
    before,
    after,
    flags: changedKeys(before.flags, after.flags),
    segments: changedSegments(before.segments, after.segments),
  };
}

function changedFlags(
  { before, after, flags, segments }: Difference,
  environment: string,
): readonly FlagKey[] {
  const own = flags.filter((key) => {
    const [one, other] = [before.flags.get(key), after.flags.get(key)];
    if (one === undefined || other === undefined) return true;
    return !isSameIn(environment, { flag: one, project: before }, { flag: other, project: after });
  });
  const all = withAskers(after, environment, { flags: own, segments });
  return [...all].sort();
}

function isSameIn(environment: string, before: Version, after: Version): boolean {
  if (!saysSame(environment, before.flag, after.flag)) return false;
  if (referencesOfState(environmentState(after.flag.file, environment)).length === 0) return true;
  if (after.flag.stale !== undefined) return asksSame(after, before);
  return before.flag.stale === undefined || asksSame(before, after);
}

/** A flag as a version of its project has it. */
interface Version {
  readonly flag: Flag;
  readonly project: ProjectSnapshot;
}

/** A stale flag asks what its home holds, and that is no more than it asks. */
function asksSame({ flag, project }: Version, other: Version): boolean {
  const own = flag.stale?.home ?? project;
  const others = other.flag.stale?.home ?? other.project;
  const isElsewhere = (key: FlagKey) => key !== flag.key && own.flags.get(key) !== others.flags.get(key);
  return (
    ![...own.flags.keys()].some(isElsewhere) &&
    [...own.segments].every(([key, segment]) => others.segments.get(key) === segment)
  );
}

/** The order of keys counts: who gets which part of a split depends on it. */
function saysSame(environment: string, before: Flag, after: Flag): boolean {
  const isSameFile =
    before.file === after.file ||
    JSON.stringify(wordsFor(environment, before.file)) === JSON.stringify(wordsFor(environment, after.file));
  if (!isSameFile || before.overrides === after.overrides) return isSameFile;
  const exceptions = [before.overrides, after.overrides].map((file) => exceptionsFor(environment, file));
  return JSON.stringify(exceptions[0]) === JSON.stringify(exceptions[1]);
}

/** What of a flag's file can be seen in an answer there. */
function wordsFor(environment: string, file: FlagFile): object {
  const { offVariant, salt, bucketBy, client = false, metadata } = file;
  const { rules, ...state } = environmentState(file, environment);
  const variants = flagVariants(file);
  const seen = { type: flagType(file), variants, offVariant, salt, bucketBy, client, metadata };
  return { ...seen, state, rules: rules?.map(withoutDescription) };
}

function withoutDescription({ description: _, ...rule }: Rule): object {
  return rule;
}

/** The entries for one environment, without the words for people. */
function exceptionsFor(environment: string, overrides: OverridesFile): readonly object[] {
  const own = overrides.filter(({ environments }) => environments?.includes(environment) ?? true);
  return own.map(({ users, companies, serve, until }) => ({ users, companies, serve, until }));
}

/** Those whose own words changed, and those that ask one of them, however far away. */
function changedSegments(
  before: ReadonlyMap<SegmentKey, Segment>,
  after: ReadonlyMap<SegmentKey, Segment>,
): ReadonlySet<string> {
  const changed = new Set<string>(
    changedKeys(before, after).filter((key) => wordsOf(before.get(key)) !== wordsOf(after.get(key))),
  );
  if (changed.size === 0) return changed;
  const askers = new Askers();
  for (const { key, file } of after.values()) {
    for (const use of usesOfSegment(file).segments) askers.add(use.key, key);
  }
  // A set gives what is added to it meanwhile, too.
  for (const segment of changed) for (const asker of askers.of(segment)) changed.add(asker);
  return changed;
}

function wordsOf(segment: Segment | undefined): string | undefined {
  if (segment === undefined) return undefined;
  const { active, include, exclude, when } = segment.file;
  return JSON.stringify({ active, include, exclude, when });
}

/** The changed flags, and those that ask in this environment for one of them or for a changed segment. */
function withAskers(
  project: ProjectSnapshot,
  environment: string,
  changed: { readonly flags: readonly FlagKey[]; readonly segments: ReadonlySet<string> },
): ReadonlySet<FlagKey> {
  const found = new Set(changed.flags);
  if (found.size + changed.segments.size === 0) return found;
  const askers = new Askers<FlagKey>();
  for (const { key, file, stale } of project.flags.values()) {
    // What a stale flag asks is as old as the flag.
    if (stale !== undefined || !asksAnybody(file)) continue;
    for (const asked of referencesOfState(environmentState(file, environment))) {
      if (asked.kind === 'flag') askers.add(asked.key, key);
      else if (changed.segments.has(asked.key)) found.add(key);
    }
  }
  for (const flag of found) for (const asker of askers.of(flag)) found.add(asker);
  return found;
}

/** What a file names is known since it was loaded; most name nobody. */
function asksAnybody(file: FlagFile): boolean {
  const { flags, segments } = usesOfFlag(file);
  return flags.length + segments.length > 0;
}

/** Who asks whom, by key. */
class Askers<Key extends string = string> {
  readonly #byAsked = new Map<string, Key[]>();

  add(asked: string, asker: Key): void {
    const known = this.#byAsked.get(asked);
    if (known === undefined) this.#byAsked.set(asked, [asker]);
    else known.push(asker);
  }

  of(asked: string): readonly Key[] {
    return this.#byAsked.get(asked) ?? [];
  }
}
