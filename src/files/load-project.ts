import { derivedId } from '../model/ids.js';
import type { EnvironmentKey, FlagKey, OrgKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { OverridesFile } from '../model/override.js';
import type { Problem } from '../model/problem.js';
import { defaultEnvironment, environmentKeys, type ProjectFile } from '../model/project.js';
import type { Flag, ProjectSnapshot, Segment } from '../model/snapshot.js';
import type { TestsFile } from '../model/test-case.js';
import { type Clashes, caseClashes } from './clashes.js';
import { judgeProjectFiles } from './judge-project.js';
import { lastGood } from './last-good.js';
import type { Finding } from './parsed.js';
import { pathOf } from './paths.js';
import { projectScope } from './scope.js';
import { settleApiKeys, settleProjectFile } from './settle.js';
import type { ProjectSources, Source } from './sources.js';
import type { Broken } from './verdict.js';

/** What a project is loaded from. */
export interface ProjectInput {
  readonly org: OrgKey;
  readonly key: ProjectKey;
  readonly sources: ProjectSources;
  readonly previous: ProjectSnapshot | undefined;
  /** Ids that other files of the organization have. */
  readonly idClashes: Clashes;
  readonly now: number;
}

/** A project, loaded. */
export interface LoadedProject {
  /** Undefined where its `project.yaml` was never good. */
  readonly snapshot: ProjectSnapshot | undefined;
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly missing: readonly string[];
}

const NO_OVERRIDES: OverridesFile = Object.freeze([]);
const NO_TESTS: TestsFile = Object.freeze([]);

/** Judges a project's files and makes its snapshot; what is broken keeps its version from before. */
export function* loadProject(input: ProjectInput): Generator<void, LoadedProject> {
  const { org, key, sources, previous, now } = input;
  const file = settleProjectFile(sources, previous, input.idClashes);
  const scope = projectScope({ name: `${org}/${key}`, file: file.value, sources, now });
  const clashes = [input.idClashes, caseClashes(sources, previous)];
  const { findings, broken } = yield* judgeProjectFiles(scope, clashes);
  const apiKeys = settleApiKeys(sources, previous, scope);
  const making: Making = { input, broken, missing: new Set([...file.missing, ...apiKeys.missing]) };
  const flags = yield* flagsOf(making);
  const segments = segmentsOf(making);
  const made = { flags, segments, apiKeys: apiKeys.value };
  return {
    snapshot: file.value === undefined ? undefined : { ...factsOf(input, file.value), ...made },
    problems: sources.project === undefined ? [missingProjectFile(input)] : [],
    findings: [...file.findings, ...findings, ...apiKeys.findings],
    missing: [...making.missing],
  };
}

function factsOf(
  { org, key }: ProjectInput,
  file: ProjectFile,
): Omit<ProjectSnapshot, 'flags' | 'segments' | 'apiKeys'> {
  return {
    key,
    org,
    id: file.id ?? derivedId('prj', org, key),
    file,
    // The file was judged: its keys are in their grammar.
    environments: environmentKeys(file) as readonly EnvironmentKey[],
    defaultEnvironment: defaultEnvironment(file) as EnvironmentKey,
  };
}

function missingProjectFile({ org, key }: ProjectInput): Problem {
  const path = pathOf({ kind: 'project', org, project: key });
  const message = `project ${org}/${key} has no project.yaml; one that lists its environments was wanted`;
  return { path, line: 1, column: 1, code: 'MISSING_FILE', severity: 'error', message };
}

/** What the flags and segments of a project are made with. */
interface Making {
  readonly input: ProjectInput;
  readonly broken: ReadonlyMap<string, Broken>;
  /** Collects the paths of what is broken and was never good. */
  readonly missing: Set<string>;
}

const SLICE = 100;

function* flagsOf(making: Making): Generator<void, ReadonlyMap<FlagKey, Flag>> {
  const flags = new Map<FlagKey, Flag>();
  for (const [index, key] of [...making.input.sources.flags.keys()].sort().entries()) {
    const flag = flagOf(key, making);
    if (flag !== undefined) flags.set(key, flag);
    if (index % SLICE === SLICE - 1) yield;
  }
  return flags;
}

function flagOf(key: FlagKey, { input, broken, missing }: Making): Flag | undefined {
  const source = input.sources.flags.get(key);
  if (source === undefined) return undefined;
  const before = input.previous?.flags.get(key);
  const breakage = broken.size === 0 ? undefined : broken.get(`flag ${key}`);
  if (breakage === undefined) return currentFlag(key, source, input);
  if (before !== undefined && input.previous !== undefined) {
    return lastGood({ before, project: input.previous, broken: breakage, head: source.value });
  }
  addMissing(missing, source.path, breakage);
  if (breakage.causes.some(({ code }) => code === 'UNKNOWN_ENVIRONMENT')) addProjectFile(missing, input);
  return undefined;
}

/** The flag as this commit has it; the same object as before where nothing that belongs to it changed. */
function currentFlag(key: FlagKey, { path, blob, value }: Source<'flag'>, input: ProjectInput): Flag {
  const { sources, previous } = input;
  const before = previous?.flags.get(key);
  const overrides = sources.overrides.get(key)?.value ?? NO_OVERRIDES;
  const tests = testsOf(key, input, before);
  const known =
    before !== undefined && before.stale === undefined && before.blob === blob ? before : undefined;
  if (known !== undefined && known.overrides === overrides && known.tests === tests) return known;
  const file = known?.file ?? value;
  if (file === undefined) throw new Error(`${path} is neither read nor broken`);
  const id = file.id ?? known?.id ?? derivedId('flg', input.org, input.key, key);
  return { key, id, path, blob, file, overrides, tests, stale: undefined };
}

/** Broken tests keep their version from before. */
function testsOf(key: FlagKey, { sources }: ProjectInput, before: Flag | undefined): TestsFile {
  const source = sources.tests.get(key);
  return source === undefined ? NO_TESTS : (source.value ?? before?.tests ?? NO_TESTS);
}

function segmentsOf(making: Making): ReadonlyMap<SegmentKey, Segment> {
  const segments = new Map<SegmentKey, Segment>();
  for (const key of [...making.input.sources.segments.keys()].sort()) {
    const segment = segmentOf(key, making);
    if (segment !== undefined) segments.set(key, segment);
  }
  return segments;
}

/** A broken segment stays as it was, to be seen; the flags that use it wait in their own homes. */
function segmentOf(key: SegmentKey, { input, broken, missing }: Making): Segment | undefined {
  const source = input.sources.segments.get(key);
  if (source === undefined) return undefined;
  const before = input.previous?.segments.get(key);
  const breakage = broken.get(`segment ${key}`);
  if (breakage === undefined) return currentSegment(key, source, input);
  if (before === undefined) addMissing(missing, source.path, breakage);
  return before;
}

function currentSegment(
  key: SegmentKey,
  { path, blob, value }: Source<'segment'>,
  input: ProjectInput,
): Segment {
  const before = input.previous?.segments.get(key);
  if (before !== undefined && before.blob === blob) return before;
  if (value === undefined) throw new Error(`${path} is neither read nor broken`);
  return { key, id: value.id ?? derivedId('seg', input.org, input.key, key), path, blob, file: value };
}

/** What has no good version may have had one before any of these files changed. */
function addMissing(missing: Set<string>, path: string, { causes }: Broken): void {
  missing.add(path);
  for (const cause of causes) missing.add(cause.path);
}

/** An environment that is named and not there may have been removed: then an older `project.yaml` is the last good one. */
function addProjectFile(missing: Set<string>, { sources }: ProjectInput): void {
  if (sources.project !== undefined) missing.add(sources.project.path);
}
