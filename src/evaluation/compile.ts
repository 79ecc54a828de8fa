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
  const run: Run = { bucketer, shared: new Map(), segments: knownSegments(previous), homes: new Map() };
  const segments = yield* compileSegments(run, project);
  const environments = new Map<string, CompiledEnvironment>();
  for (const key of project.environments) {
    const before = previous?.environments.get(key)?.flags;
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
  /** What was compiled before; what did not change is taken from there. */
  readonly before: ReadonlyMap<string, CompiledFlag> | undefined;
}

function knownSegments(previous: CompiledProject | undefined): Map<Segment, CompiledSegment> {
  const known = new Map<Segment, CompiledSegment>();
  const before = previous?.environments.values().next().value;
  for (const compiled of before?.segments.values() ?? []) known.set(compiled.segment, compiled);
  return known;
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
  const sources: ReadonlyMap<string, Flag> = project.flags;
  const flags = new Map<string, CompiledFlag>();
  const scope: Scope = { flags, segments };
  const ordered = referredFirst(sources.keys(), (flagKey) =>
    requiredFlags(sources.get(flagKey), key, before?.get(flagKey)),
  );
  for (const [index, flagKey] of ordered.entries()) {
    const flag = sources.get(flagKey);
    if (flag !== undefined) {
      const reused = reuse(flag, before?.get(flagKey), scope);
      const home =
        reused === undefined && flag.stale !== undefined
          ? yield* homeOf(run, flag.stale.home, key)
          : undefined;
      flags.set(flagKey, reused ?? make(run, { flag, environment: key, scope, home }));
    }
    if (index % SLICE === SLICE - 1) yield;
  }
  const sorted = Array.from(sources.keys(), (flagKey) => flags.get(flagKey)).filter(
    (flag) => flag !== undefined,
  );
  return { key, project, flags, sorted, segments, bucketer: run.bucketer };
}

/** A stale flag asks the flags of its home, which are compiled on their own. */
function requiredFlags(
  flag: Flag | undefined,
  environment: string,
  before: CompiledFlag | undefined,
): readonly string[] {
  if (flag === undefined || flag.stale !== undefined) return NO_KEYS;
  if (before?.flag !== flag) return flagsAskedBy(environmentState(flag.file, environment));
  if (before.uses.length === 0) return NO_KEYS;
  return before.uses.filter(({ kind }) => kind === 'flag').map(({ key }) => key);
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
