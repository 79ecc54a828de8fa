import type { Evaluation } from '../model/evaluation.js';
import { environmentState } from '../model/flag.js';
import type { EnvironmentKey } from '../model/keys.js';
import type { Flag, ProjectSnapshot } from '../model/snapshot.js';
import { flagdBucketer } from './bucket.js';
import { compileFlag, type Material, materialOf } from './compile-flag.js';
import type {
  Bucketer,
  CompiledEnvironment,
  CompiledFlag,
  CompiledProject,
  CompiledSegment,
} from './compiled.js';
import { referredFirst } from './order.js';
import { isUnchanged, referencesOfState, type Scope } from './reference.js';
import { compileSegment, referencesOfSegment } from './segment.js';

/** How to compile. */
export interface CompileOptions {
  /** What was compiled before; what did not change is taken from there. */
  readonly previous?: CompiledProject | undefined;
  /** Places values in splits and gates; flagd's where it is left out. */
  readonly bucketer?: Bucketer | undefined;
}

/** How many flags are compiled between two yields. */
const SLICE = 100;

/** Makes the project's flags and segments into closures. It yields now and then, so that the caller can slice the work. */
export function* compileProject(
  project: ProjectSnapshot,
  options: CompileOptions = {},
): Generator<void, CompiledProject> {
  const bucketer = options.bucketer ?? flagdBucketer;
  const previous = options.previous?.bucketer === bucketer ? options.previous : undefined;
  const run: Run = { bucketer, previous, shared: new Map(), homes: new Map() };
  const segments = compileSegments(project, previous);
  yield;
  const environments = new Map<string, CompiledEnvironment>();
  for (const key of project.environments) {
    environments.set(key, yield* compileEnvironment(run, { project, key, segments }));
  }
  return { project, environments, bucketer };
}

/** The same, at once. */
export function compileNow(project: ProjectSnapshot, options: CompileOptions = {}): CompiledProject {
  return drain(compileProject(project, options));
}

/** What lives while one project is compiled. */
interface Run {
  readonly bucketer: Bucketer;
  readonly previous: CompiledProject | undefined;
  readonly shared: Map<Flag, Shared>;
  /** The snapshots that stale flags came from. */
  readonly homes: Map<ProjectSnapshot, Map<EnvironmentKey, CompiledEnvironment>>;
}

/** What the environments of one flag share. */
interface Shared {
  readonly material: Material;
  /** The compiled forms that ask nobody and always answer the same. */
  readonly constants: Map<Evaluation, CompiledFlag>;
}

interface Place {
  readonly project: ProjectSnapshot;
  readonly key: EnvironmentKey;
  readonly segments: ReadonlyMap<string, CompiledSegment>;
}

function compileSegments(
  project: ProjectSnapshot,
  previous: CompiledProject | undefined,
): ReadonlyMap<string, CompiledSegment> {
  const byKey = new Map<string, CompiledSegment>();
  const before = previous?.environments.values().next().value?.segments;
  const scope: Scope = { flags: new Map(), segments: byKey };
  const sources = new Map(
    Array.from(project.segments.values(), (segment) => [segment.key as string, segment]),
  );
  const ordered = referredFirst(sources.keys(), (key) => {
    const segment = sources.get(key);
    return segment === undefined ? [] : referencesOfSegment(segment.file).map((reference) => reference.key);
  });
  for (const key of ordered) {
    const segment = sources.get(key);
    if (segment === undefined) continue;
    const known = before?.get(key);
    const isSame = known !== undefined && known.segment === segment && isUnchanged(known.uses, scope);
    byKey.set(key, isSame ? known : compileSegment(segment, scope));
  }
  return byKey;
}

function* compileEnvironment(run: Run, place: Place): Generator<void, CompiledEnvironment> {
  const sources = new Map(Array.from(place.project.flags.values(), (flag) => [flag.key as string, flag]));
  const compiled = new Map<string, CompiledFlag>();
  const scope: Scope = { flags: compiled, segments: place.segments };
  const before = run.previous?.environments.get(place.key)?.flags;
  const ordered = referredFirst(sources.keys(), (key) =>
    requiredFlags(sources.get(key), place.key, before?.get(key)),
  );
  for (const [index, key] of ordered.entries()) {
    const flag = sources.get(key);
    if (flag !== undefined)
      compiled.set(key, reuse(run, flag, place.key, scope) ?? make(run, flag, place.key, scope));
    if (index % SLICE === SLICE - 1) yield;
  }
  const sorted = Array.from(sources.keys(), (key) => compiled.get(key)).filter((flag) => flag !== undefined);
  const { key, project, segments } = place;
  return { key, project, flags: compiled, sorted, segments, bucketer: run.bucketer };
}

/** A stale flag asks the flags of its home, which are compiled on their own. */
function requiredFlags(
  flag: Flag | undefined,
  environment: string,
  before: CompiledFlag | undefined,
): readonly string[] {
  if (flag === undefined || flag.stale !== undefined) return [];
  const references =
    before?.flag === flag ? before.uses : referencesOfState(environmentState(flag.file, environment));
  if (references.length === 0) return NO_KEYS;
  return references.filter((reference) => reference.kind === 'flag').map((reference) => reference.key);
}

const NO_KEYS: readonly string[] = [];

function reuse(run: Run, flag: Flag, environment: string, scope: Scope): CompiledFlag | undefined {
  const known = run.previous?.environments.get(environment)?.flags.get(flag.key);
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

function make(run: Run, flag: Flag, environment: EnvironmentKey, scope: Scope): CompiledFlag {
  const home = flag.stale === undefined ? undefined : homeOf(run, flag.stale.home, environment);
  const { material, constants } = sharedOf(run, flag);
  const made = compileFlag({
    flag,
    environment,
    scope: home ?? scope,
    home,
    bucketer: run.bucketer,
    material,
  });
  if (made.steps.length > 0 || made.uses.length > 0 || home !== undefined) return made;
  const known = constants.get(made.otherwise);
  if (known === undefined) constants.set(made.otherwise, made);
  return known ?? made;
}

function sharedOf(run: Run, flag: Flag): Shared {
  const known = run.shared.get(flag);
  if (known !== undefined) return known;
  const shared: Shared = { material: materialOf(flag), constants: new Map() };
  run.shared.set(flag, shared);
  return shared;
}

/** The environment in the snapshot that a stale flag came from. A home may hold stale flags of older homes. */
function homeOf(run: Run, home: ProjectSnapshot, key: EnvironmentKey): CompiledEnvironment {
  const environments = run.homes.get(home) ?? new Map<EnvironmentKey, CompiledEnvironment>();
  run.homes.set(home, environments);
  const known = environments.get(key);
  if (known !== undefined) return known;
  const fresh: Run = { ...run, previous: undefined };
  const segments = compileSegments(home, undefined);
  const made = drain(compileEnvironment(fresh, { project: home, key, segments }));
  environments.set(key, made);
  return made;
}

function drain<Value>(work: Generator<void, Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
