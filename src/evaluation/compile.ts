import { changedKeys } from '../model/changed-keys.js';
import { environmentState } from '../model/flag.js';
import type { EnvironmentKey } from '../model/keys.js';
import type { Flag, ProjectSnapshot, Segment } from '../model/snapshot.js';
import { flagdBucketer } from './bucket.js';
import { compileFlag } from './compile-flag.js';
import type {
  Bucketer,
  CompiledEnvironment,
  CompiledFlag,
  CompiledProject,
  CompiledSegment,
  Exceptions,
  Use,
} from './compiled.js';
import { referredFirst } from './order.js';
import { type Outcomes, outcomesOf } from './outcome.js';
import { exceptionsOf } from './override.js';
import { flagsAskedBy, isUnchanged, type Scope } from './reference.js';
import { compileSegment, referencesOfSegment } from './segment.js';

/** How to compile. */
export interface CompileOptions {
  /** What was compiled before; what did not change is taken from there. */
  readonly previous?: CompiledProject | undefined;
  /** Places values in splits and gates; flagd's where it is left out. */
  readonly bucketer?: Bucketer | undefined;
}

/** How many flags or segments are compiled between two yields. */
const SLICE = 100;

/** Makes the project's flags and segments into closures. It yields now and then, so that the caller can slice the work. */
export function* compileProject(
  project: ProjectSnapshot,
  options: CompileOptions = {},
): Generator<void, CompiledProject> {
  const bucketer = options.bucketer ?? flagdBucketer;
  const previous = options.previous?.bucketer === bucketer ? options.previous : undefined;
  if (previous?.project === project) return previous;
  const changed = previous && changedKeys<string, Flag>(previous.project.flags, project.flags);
  const run: Run = { bucketer, shared: new Map(), segments: new Map(), homes: new Map() };
  const segments = yield* compileProjectSegments(run, project, previous);
  const environments = new Map<string, CompiledEnvironment>();
  for (const key of project.environments) {
    const known = previous?.environments.get(key);
    const before = known && changed && { known, changed };
    environments.set(key, yield* compileEnvironment(run, { project, key, segments, before }));
  }
  return { project, environments, bucketer };
}

/** The same, at once. */
export function compileNow(project: ProjectSnapshot, options: CompileOptions = {}): CompiledProject {
  const work = compileProject(project, options);
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** A scope to which flags are added. */
interface Filling extends Scope {
  readonly flags: Map<string, CompiledFlag>;
}

/** What lives while one project is compiled. */
interface Run {
  readonly bucketer: Bucketer;
  readonly shared: Map<Flag, Shared>;
  /** Segments may be large, and the homes of many stale flags hold the same. */
  readonly segments: Map<Segment, CompiledSegment>;
  /** The snapshots that stale flags came from, by environment. */
  readonly homes: Map<ProjectSnapshot, Map<EnvironmentKey, CompiledEnvironment>>;
}

/** What the environments of one flag share. */
interface Shared {
  readonly outcomes: Outcomes;
  readonly exceptions: (environment: string) => Exceptions | undefined;
  /** The compiled forms that ask nobody and always answer the same. */
  readonly constants: CompiledFlag[];
}

interface Place {
  readonly project: ProjectSnapshot;
  readonly key: EnvironmentKey;
  readonly segments: ReadonlyMap<string, CompiledSegment>;
  readonly before: Before | undefined;
}

/** An environment as it was compiled before; what did not change is taken from there. */
interface Before {
  readonly known: CompiledEnvironment;
  /** The keys of the flags that are others now. */
  readonly changed: readonly string[];
}

/** Of all environments; those of before where none is another one. */
function* compileProjectSegments(
  run: Run,
  project: ProjectSnapshot,
  previous: CompiledProject | undefined,
): Generator<void, ReadonlyMap<string, CompiledSegment>> {
  const before = previous?.environments.values().next().value?.segments;
  if (before !== undefined && previous?.project.segments === project.segments) return before;
  for (const compiled of before?.values() ?? []) run.segments.set(compiled.segment, compiled);
  return yield* compileSegments(run, project);
}

function* compileSegments(
  run: Run,
  project: ProjectSnapshot,
): Generator<void, ReadonlyMap<string, CompiledSegment>> {
  const byKey = new Map<string, CompiledSegment>();
  const scope: Scope = { flags: new Map(), segments: byKey };
  const sources: ReadonlyMap<string, Segment> = project.segments;
  const ordered = referredFirst(sources.keys(), (key) => {
    const segment = sources.get(key);
    return segment === undefined ? [] : referencesOfSegment(segment.file).map((reference) => reference.key);
  });
  for (const [index, key] of ordered.entries()) {
    const segment = sources.get(key);
    if (segment !== undefined) byKey.set(key, segmentIn(run, segment, scope));
    if (index % SLICE === SLICE - 1) yield;
  }
  return byKey;
}

function segmentIn(run: Run, segment: Segment, scope: Scope): CompiledSegment {
  const known = run.segments.get(segment);
  if (known !== undefined && isUnchanged(known.uses, scope)) return known;
  const made = compileSegment(segment, scope);
  run.segments.set(segment, made);
  return made;
}

function* compileEnvironment(run: Run, place: Place): Generator<void, CompiledEnvironment> {
  const { key, project, segments, before } = place;
  const flags = new Map(before?.known.flags);
  const scope: Filling = { flags, segments };
  const again = flagsToCompile(place);
  for (const flagKey of again) flags.delete(flagKey);
  const ordered = referredFirst(again, (flagKey) => requiredFlags(flagKey, place));
  for (const [index, flagKey] of ordered.entries()) {
    if (!flags.has(flagKey)) yield* addFlag(run, { flagKey, place, scope });
    if (index % SLICE === SLICE - 1) yield;
  }
  const sorted = sortedFlags(flags, again, place);
  return { key, project, flags, sorted, segments, bucketer: run.bucketer };
}

/** The changed ones, and those that ask what may be another one now. Who asks only segments asks the same as before where no segment is another. */
function flagsToCompile({ project, segments, before }: Place): ReadonlySet<string> {
  if (before === undefined) return new Set(project.flags.keys());
  const areSegmentsSame = changedKeys(before.known.segments, segments).length === 0;
  const again = new Set(before.changed);
  for (const { key, uses } of before.known.sorted) {
    if (uses.length > 0 && !(areSegmentsSame && uses.every(isSegment))) again.add(key);
  }
  return again;
}

function isSegment({ kind }: Use): boolean {
  return kind === 'segment';
}

function* addFlag(
  run: Run,
  { flagKey, place, scope }: { readonly flagKey: string; readonly place: Place; readonly scope: Filling },
): Generator<void, void> {
  const flag = flagIn(place.project, flagKey);
  if (flag === undefined) return;
  const reused = reuse(flag, place.before?.known.flags.get(flagKey), scope);
  const home =
    reused === undefined && flag.stale !== undefined
      ? yield* homeOf(run, flag.stale.home, place.key)
      : undefined;
  scope.flags.set(flagKey, reused ?? make(run, { flag, environment: place.key, scope, home }));
}

function flagIn({ flags }: ProjectSnapshot, key: string): Flag | undefined {
  const byKey: ReadonlyMap<string, Flag> = flags;
  return byKey.get(key);
}

/** In order of the keys; most stand where they stood. */
function sortedFlags(
  flags: ReadonlyMap<string, CompiledFlag>,
  again: ReadonlySet<string>,
  { project, before }: Place,
): readonly CompiledFlag[] {
  const isReplaced = before?.changed.every((key) => before.known.flags.has(key) && flags.has(key)) === true;
  if (isReplaced) {
    return before.known.sorted.map((flag) => (again.has(flag.key) ? (flags.get(flag.key) ?? flag) : flag));
  }
  const keys: Iterable<string> = project.flags.keys();
  return Array.from(keys, (key) => flags.get(key)).filter((flag) => flag !== undefined);
}

/** A stale flag asks the flags of its home, which are compiled on their own. */
function requiredFlags(key: string, { project, before, key: environment }: Place): readonly string[] {
  const flag = flagIn(project, key);
  if (flag === undefined || flag.stale !== undefined) return NO_KEYS;
  const known = before?.known.flags.get(key);
  if (known?.flag !== flag) return flagsAskedBy(environmentState(flag.file, environment));
  if (known.uses.length === 0) return NO_KEYS;
  return known.uses.filter((use) => !isSegment(use)).map((use) => use.key);
}

const NO_KEYS: readonly string[] = [];

function reuse(flag: Flag, known: CompiledFlag | undefined, scope: Scope): CompiledFlag | undefined {
  if (known === undefined) return undefined;
  if (known.flag !== flag && !isSameVersion(known.flag, flag)) return undefined;
  if (known.home === undefined && !isUnchanged(known.uses, scope)) return undefined;
  return known.flag === flag ? known : { ...known, flag };
}

/** True where only what never changes an answer, such as the tests, can differ. */
function isSameVersion(one: Flag, other: Flag): boolean {
  return (
    one.file === other.file &&
    one.overrides === other.overrides &&
    one.stale === undefined &&
    other.stale === undefined
  );
}

/** A flag in its environment; `home` where it is stale. */
interface Making {
  readonly flag: Flag;
  readonly environment: EnvironmentKey;
  readonly scope: Scope;
  readonly home: CompiledEnvironment | undefined;
}

function make(run: Run, { flag, environment, scope, home }: Making): CompiledFlag {
  const { outcomes, exceptions, constants } = sharedOf(run, flag);
  const made = compileFlag({
    flag,
    environment,
    exceptions: exceptions(environment),
    outcomes,
    scope: home ?? scope,
    home,
    bucketer: run.bucketer,
  });
  if (made.steps.length > 0 || made.uses.length > 0 || home !== undefined) return made;
  for (const known of constants) {
    if (known.otherwise === made.otherwise && known.exceptions === made.exceptions) return known;
  }
  constants.push(made);
  return made;
}

function sharedOf(run: Run, flag: Flag): Shared {
  const known = run.shared.get(flag);
  if (known !== undefined) return known;
  const shared: Shared = {
    outcomes: outcomesOf(flag),
    exceptions: exceptionsOf(flag.overrides),
    constants: [],
  };
  run.shared.set(flag, shared);
  return shared;
}

/** The environment in the snapshot that a stale flag came from. */
function* homeOf(
  run: Run,
  project: ProjectSnapshot,
  key: EnvironmentKey,
): Generator<void, CompiledEnvironment> {
  const environments = run.homes.get(project) ?? new Map<EnvironmentKey, CompiledEnvironment>();
  run.homes.set(project, environments);
  const known = environments.get(key);
  if (known !== undefined) return known;
  const segments = yield* compileSegments(run, project);
  const made = yield* compileEnvironment(run, { project, key, segments, before: undefined });
  environments.set(key, made);
  return made;
}
