import { withChanged } from '../model/changed-keys.js';
import type { FlagKey, SegmentKey } from '../model/keys.js';
import { judgeAttributes } from './attributes.js';
import type { Clashes } from './clashes.js';
import { isLinkedAs, judgeLinks, type Links } from './judge-links.js';
import { judgeFlagScalars, judgeSegmentScalars } from './meaning-reach.js';
import { dayOf, judgeExpiry, judgeUntil } from './overdue.js';
import type { FileKind, Finding } from './parsed.js';
import { reachedFiles, type SourceKeys, type SourcesChange } from './reach.js';
import {
  judgeFlagReferences,
  judgeOverridesReferences,
  judgeSegmentReferences,
  judgeTestsReferences,
} from './references.js';
import { fileScope, type ProjectScope } from './scope.js';
import type { Source } from './sources.js';
import { usesOfFlag, usesOfSegment } from './uses.js';
import { type Broken, Verdict } from './verdict.js';

/** What is wrong between the files of a project, and what of it cannot be served as it is. */
export interface ProjectVerdict {
  readonly findings: readonly Finding[];
  /** By owner: `flag dark-mode`, `segment beta-testers`. */
  readonly broken: ReadonlyMap<string, Broken>;
  /** What the next judgement may go on from. */
  readonly judged: JudgedFiles;
}

/** What was said of files that may still be the same next time. */
export interface JudgedFiles {
  readonly scope: ProjectScope;
  readonly told: Told;
  readonly links: Links;
}

/** What is judged. */
interface Judged {
  readonly scope: ProjectScope;
  readonly clashes: readonly Clashes[];
  /** Undefined where it is not known how the files were judged before. */
  readonly before: JudgedBefore | undefined;
}

/** What was judged before, and what is other now. */
interface JudgedBefore {
  readonly judged: JudgedFiles;
  readonly change: SourcesChange;
}

/** By key, in order, what is said of the files of which anything is. */
interface Told {
  readonly flags: ReadonlyMap<FlagKey, Verdict>;
  readonly segments: ReadonlyMap<SegmentKey, Verdict>;
  readonly overrides: ReadonlyMap<FlagKey, Verdict>;
  readonly tests: ReadonlyMap<FlagKey, Verdict>;
}

/** So many files without a finding are judged between two yields. */
const SLICE = 100;

/**
 * Judges the files of a project together; yields about each 100 files, and behind each that something is said of: what
 * is not found is looked for among all that is there. Of what was judged before, only what a change reaches is judged
 * again.
 */
export function* judgeProjectFiles({ scope, clashes, before }: Judged): Generator<void, ProjectVerdict> {
  const since = before && isComparable(before.judged.scope, scope) ? before : undefined;
  const told = yield* judgeFiles(scope, since);
  const verdict = new Verdict();
  for (const kind of [told.flags, told.segments, told.overrides, told.tests]) {
    for (const said of kind.values()) verdict.add(said);
  }
  fileClashes(scope, clashes, verdict);
  yield;
  const links = since && isLinkedAs(since.change) ? since.judged.links : yield* judgeLinks(scope);
  verdict.add(links.verdict);
  return {
    findings: verdict.findings,
    broken: verdict.broken(links.dependents),
    judged: { scope, told, links },
  };
}

/** The project's file and the day reach every file. */
function isComparable(before: ProjectScope, { name, file, now }: ProjectScope): boolean {
  return before.name === name && before.file === file && dayOf(before.now) === dayOf(now);
}

function* judgeFiles(scope: ProjectScope, since: JudgedBefore | undefined): Generator<void, Told> {
  const { flags, segments, overrides, tests } = scope.sources;
  const known = since?.judged.told;
  const again = since && reachedFiles(since.change, keysOf(since.judged.told));
  return {
    flags: yield* judgeKind({
      scope,
      sources: flags,
      again: again?.flags,
      known: known?.flags,
      judge: judgeFlagFile,
    }),
    segments: yield* judgeKind({
      scope,
      sources: segments,
      again: again?.segments,
      known: known?.segments,
      judge: judgeSegmentFile,
    }),
    overrides: yield* judgeKind({
      scope,
      sources: overrides,
      again: again?.overrides,
      known: known?.overrides,
      judge: judgeOverridesFile,
    }),
    tests: yield* judgeKind({
      scope,
      sources: tests,
      again: again?.tests,
      known: known?.tests,
      judge: judgeTestsFile,
    }),
  };
}

function keysOf({ flags, segments, overrides, tests }: Told): SourceKeys {
  return { flags: flags.keys(), segments: segments.keys(), overrides: overrides.keys(), tests: tests.keys() };
}

/** The files of one kind. */
interface JudgingKind<Key, Kind extends FileKind> {
  readonly scope: ProjectScope;
  readonly sources: ReadonlyMap<Key, Source<Kind>>;
  /** Those to be judged; undefined: all. */
  readonly again: Iterable<Key> | undefined;
  /** What was said of the others. */
  readonly known: ReadonlyMap<Key, Verdict> | undefined;
  readonly judge: (judging: Judging<Key, Kind>) => void;
}

function* judgeKind<Key extends string, Kind extends FileKind>({
  scope,
  sources,
  again = sources.keys(),
  known = new Map(),
  judge,
}: JudgingKind<Key, Kind>): Generator<void, ReadonlyMap<Key, Verdict>> {
  const said = new Map<Key, Verdict | undefined>();
  let judged = 0;
  for (const key of again) {
    const source = sources.get(key);
    const verdict = new Verdict();
    if (source !== undefined) judge({ key, source, scope, verdict });
    said.set(key, verdict.isEmpty ? undefined : verdict);
    judged += verdict.isEmpty ? 1 : SLICE;
    if (judged < SLICE) continue;
    judged = 0;
    yield;
  }
  return withChanged(known, said.keys(), (key) => said.get(key));
}

function fileClashes({ sources }: ProjectScope, clashes: readonly Clashes[], verdict: Verdict): void {
  for (const clash of clashes) {
    if (clash.size === 0) continue;
    for (const [key, { path }] of sources.flags) verdict.file(path, clash.get(path) ?? [], `flag ${key}`);
    for (const [key, { path }] of sources.segments) {
      verdict.file(path, clash.get(path) ?? [], `segment ${key}`);
    }
  }
}

/** One file that is judged. */
interface Judging<Key, Kind extends FileKind> {
  readonly key: Key;
  readonly source: Source<Kind>;
  readonly scope: ProjectScope;
  readonly verdict: Verdict;
}

function judgeFlagFile({ key, source, scope, verdict }: Judging<FlagKey, 'flag'>): void {
  const { path, problems, value } = source;
  verdict.breakBy(problems, `flag ${key}`);
  if (value === undefined) return;
  const uses = usesOfFlag(value);
  verdict.file(path, judgeFlagReferences(value, uses, fileScope(scope)), `flag ${key}`);
  verdict.file(path, judgeAttributes(uses, scope.file?.attributes));
  verdict.file(path, judgeFlagScalars(value, scope.file?.attributes));
  verdict.file(path, judgeExpiry(value, scope.now));
}

function judgeSegmentFile({ key, source, scope, verdict }: Judging<SegmentKey, 'segment'>): void {
  const { path, problems, value } = source;
  verdict.breakBy(problems, `segment ${key}`);
  if (value === undefined) return;
  const uses = usesOfSegment(value);
  verdict.file(path, judgeSegmentReferences(uses, fileScope(scope)), `segment ${key}`);
  verdict.file(path, judgeAttributes(uses, scope.file?.attributes));
  verdict.file(path, judgeSegmentScalars(value, scope.file?.attributes));
}

/** Overrides belong to their flag: broken ones keep its last good version, old overrides and all. */
function judgeOverridesFile({ key, source, scope, verdict }: Judging<FlagKey, 'overrides'>): void {
  verdict.breakBy(source.problems, `flag ${key}`);
  if (source.value === undefined) return;
  verdict.file(source.path, judgeOverridesReferences(key, source.value, fileScope(scope)), `flag ${key}`);
  verdict.file(source.path, judgeUntil(source.value, scope.now));
}

/** Broken tests are told, but break nothing: no answer needs them. */
function judgeTestsFile({ key, source, scope, verdict }: Judging<FlagKey, 'tests'>): void {
  if (source.value === undefined) return;
  verdict.file(source.path, judgeTestsReferences(key, source.value, fileScope(scope)));
}
