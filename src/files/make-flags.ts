import { withChanged } from '../model/changed-keys.js';
import { derivedId } from '../model/ids.js';
import type { FlagKey, OrgKey, ProjectKey, SegmentKey } from '../model/keys.js';
import type { OverridesFile } from '../model/override.js';
import type { Flag, ProjectSnapshot, Segment } from '../model/snapshot.js';
import type { TestsFile } from '../model/test-case.js';
import { lastGood } from './last-good.js';
import type { SourcesChange } from './reach.js';
import type { ProjectSources, Source } from './sources.js';
import type { Broken } from './verdict.js';

/** What the flags and segments of a project are made with. */
export interface Making {
  readonly org: OrgKey;
  readonly key: ProjectKey;
  readonly sources: ProjectSources;
  readonly previous: ProjectSnapshot | undefined;
  /** By owner: `flag dark-mode`, `segment beta-testers`. */
  readonly broken: ReadonlyMap<string, Broken>;
  /** Collects the paths of what is broken and was never good. */
  readonly missing: Set<string>;
  /** Undefined where it is not known from what `previous` was made. */
  readonly since: Since | undefined;
}

/** What was made before, and what is other now. */
interface Since {
  readonly made: ProjectSnapshot;
  readonly broken: ReadonlyMap<string, Broken>;
  readonly change: SourcesChange;
}

const NO_OVERRIDES: OverridesFile = Object.freeze([]);
const NO_TESTS: TestsFile = Object.freeze([]);
const SLICE = 100;

/** The flags of a project, in order; yields about each 100 of them. What is broken keeps its version from before. */
export function* makeFlags(making: Making): Generator<void, ReadonlyMap<FlagKey, Flag>> {
  const { sources, since } = making;
  const keys = since ? flagsToMake(making, since) : sources.flags.keys();
  const made = new Map<FlagKey, Flag | undefined>();
  for (const key of keys) {
    made.set(key, flagOf(key, making));
    if (made.size % SLICE === 0) yield;
  }
  return withChanged(since?.made.flags ?? new Map(), made.keys(), (key) => made.get(key));
}

/** The segments of a project, in order. */
export function makeSegments(making: Making): ReadonlyMap<SegmentKey, Segment> {
  const { sources, since } = making;
  const keys = since ? segmentsToMake(making, since) : sources.segments.keys();
  return withChanged(since?.made.segments ?? new Map(), keys, (key) => segmentOf(key, making));
}

/** All else is what it was. */
function flagsToMake({ broken }: Making, since: Since): readonly FlagKey[] {
  const { flags, overrides, tests } = since.change.changed;
  const unsettled = [...ownedKeys<FlagKey>(broken, 'flag'), ...ownedKeys<FlagKey>(since.broken, 'flag')];
  return [...new Set([...flags, ...overrides, ...tests, ...unsettled])].sort();
}

function segmentsToMake({ broken }: Making, since: Since): readonly SegmentKey[] {
  const unsettled = [
    ...ownedKeys<SegmentKey>(broken, 'segment'),
    ...ownedKeys<SegmentKey>(since.broken, 'segment'),
  ];
  return [...new Set([...since.change.changed.segments, ...unsettled])].sort();
}

/** Owners are made of keys. */
function ownedKeys<Key extends string>(
  owners: ReadonlyMap<string, unknown>,
  kind: 'flag' | 'segment',
): Key[] {
  const prefix = `${kind} `;
  return [...owners.keys()]
    .filter((owner) => owner.startsWith(prefix))
    .map((owner) => owner.slice(prefix.length) as Key);
}

function flagOf(key: FlagKey, making: Making): Flag | undefined {
  const { sources, previous, broken, missing } = making;
  const source = sources.flags.get(key);
  if (source === undefined) return undefined;
  const before = previous?.flags.get(key);
  const breakage = broken.size === 0 ? undefined : broken.get(`flag ${key}`);
  if (breakage === undefined) return currentFlag(key, source, making);
  if (before !== undefined && previous !== undefined) {
    return lastGood({ before, project: previous, broken: breakage, head: source.value });
  }
  addMissing(missing, source.path, breakage);
  if (breakage.causes.some(({ code }) => code === 'UNKNOWN_ENVIRONMENT')) addProjectFile(making);
  return undefined;
}

/** The flag as this commit has it; the same object as before where nothing that belongs to it changed. */
function currentFlag(key: FlagKey, { path, blob, value }: Source<'flag'>, making: Making): Flag {
  const { sources, previous } = making;
  const before = previous?.flags.get(key);
  const overrides = sources.overrides.get(key)?.value ?? NO_OVERRIDES;
  const tests = testsOf(key, making, before);
  const known =
    before !== undefined && before.stale === undefined && before.blob === blob ? before : undefined;
  if (known !== undefined && known.overrides === overrides && known.tests === tests) return known;
  const file = known?.file ?? value;
  if (file === undefined) throw new Error(`${path} is neither read nor broken`);
  const id = file.id ?? known?.id ?? derivedId('flg', making.org, making.key, key);
  return { key, id, path, blob, file, overrides, tests, stale: undefined };
}

/** Broken tests keep their version from before. */
function testsOf(key: FlagKey, { sources }: Making, before: Flag | undefined): TestsFile {
  const source = sources.tests.get(key);
  return source === undefined ? NO_TESTS : (source.value ?? before?.tests ?? NO_TESTS);
}

/** A broken segment stays as it was, to be seen; the flags that use it wait in their own homes. */
function segmentOf(key: SegmentKey, making: Making): Segment | undefined {
  const { sources, previous, broken, missing } = making;
  const source = sources.segments.get(key);
  if (source === undefined) return undefined;
  const before = previous?.segments.get(key);
  const breakage = broken.get(`segment ${key}`);
  if (breakage === undefined) return currentSegment(key, source, making);
  if (before === undefined) addMissing(missing, source.path, breakage);
  return before;
}

function currentSegment(
  key: SegmentKey,
  { path, blob, value }: Source<'segment'>,
  { org, key: project, previous }: Making,
): Segment {
  const before = previous?.segments.get(key);
  if (before !== undefined && before.blob === blob) return before;
  if (value === undefined) throw new Error(`${path} is neither read nor broken`);
  return { key, id: value.id ?? derivedId('seg', org, project, key), path, blob, file: value };
}

/** What has no good version may have had one before any of these files changed. */
function addMissing(missing: Set<string>, path: string, { causes }: Broken): void {
  missing.add(path);
  for (const cause of causes) missing.add(cause.path);
}

/** An environment that is named and not there may have been removed: then an older `project.yaml` is the last good one. */
function addProjectFile({ sources, missing }: Making): void {
  if (sources.project !== undefined) missing.add(sources.project.path);
}
