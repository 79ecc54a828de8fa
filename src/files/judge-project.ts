import type { FlagKey, SegmentKey } from '../model/keys.js';
import { judgeAttributes } from './attributes.js';
import type { Clashes } from './clashes.js';
import { warningAt } from './issue.js';
import { judgeChains } from './judge-chains.js';
import { needsOf } from './needs.js';
import { judgeExpiry, judgeUntil } from './overdue.js';
import type { Finding } from './parsed.js';
import {
  judgeFlagReferences,
  judgeOverridesReferences,
  judgeSegmentReferences,
  judgeTestsReferences,
} from './references.js';
import { fileScope, type ProjectScope } from './scope.js';
import { usesOfFlag, usesOfSegment } from './uses.js';
import { type Broken, Verdict } from './verdict.js';

/** What is wrong between the files of a project, and what of it cannot be served as it is. */
export interface ProjectVerdict {
  readonly findings: readonly Finding[];
  /** By owner: `flag dark-mode`, `segment beta-testers`. */
  readonly broken: ReadonlyMap<string, Broken>;
}

/** So many files without a finding are judged between two yields. */
const SLICE = 100;

/**
 * Judges the files of a project together; yields about each 100 files, and behind each that something is said of: what
 * is not found is looked for among all that is there.
 */
export function* judgeProjectFiles(
  scope: ProjectScope,
  clashes: readonly Clashes[],
): Generator<void, ProjectVerdict> {
  const verdict = new Verdict();
  let judged = 0;
  for (const judge of fileJudges(scope, verdict)) {
    const told = verdict.findings.length;
    judge();
    judged += verdict.findings.length > told ? SLICE : 1;
    if (judged < SLICE) continue;
    judged = 0;
    yield;
  }
  const { flags, segments } = scope.sources;
  for (const clash of clashes) {
    for (const [key, { path }] of flags) verdict.file(path, clash.get(path) ?? [], `flag ${key}`);
    for (const [key, { path }] of segments) verdict.file(path, clash.get(path) ?? [], `segment ${key}`);
  }
  yield;
  yield* judgeChains(scope, verdict);
  judgeUnused(scope, verdict);
  yield;
  return { findings: verdict.findings, broken: verdict.broken(() => needsOf(scope)) };
}

/** One judge for each file, in order. */
function fileJudges(scope: ProjectScope, verdict: Verdict): (() => void)[] {
  const { flags, segments, overrides, tests } = scope.sources;
  return [
    ...[...flags.keys()].map((key) => () => judgeFlagFile(key, scope, verdict)),
    ...[...segments.keys()].map((key) => () => judgeSegmentFile(key, scope, verdict)),
    ...[...overrides.keys()].map((key) => () => judgeOverridesFile(key, scope, verdict)),
    ...[...tests.keys()].map((key) => () => judgeTestsFile(key, scope, verdict)),
  ];
}

function judgeFlagFile(key: FlagKey, scope: ProjectScope, verdict: Verdict): void {
  const source = scope.sources.flags.get(key);
  if (source === undefined) return;
  verdict.breakBy(source.problems, `flag ${key}`);
  if (source.value === undefined) return;
  verdict.file(source.path, judgeFlagReferences(source, fileScope(scope)), `flag ${key}`);
  verdict.file(source.path, judgeAttributes(usesOfFlag(source.value), scope.file?.attributes));
  verdict.file(source.path, judgeExpiry(source.value, scope.now));
}

function judgeSegmentFile(key: SegmentKey, scope: ProjectScope, verdict: Verdict): void {
  const source = scope.sources.segments.get(key);
  if (source === undefined) return;
  verdict.breakBy(source.problems, `segment ${key}`);
  if (source.value === undefined) return;
  verdict.file(source.path, judgeSegmentReferences(source, fileScope(scope)), `segment ${key}`);
  verdict.file(source.path, judgeAttributes(usesOfSegment(source.value), scope.file?.attributes));
}

/** Overrides belong to their flag: broken ones keep its last good version, old overrides and all. */
function judgeOverridesFile(key: FlagKey, scope: ProjectScope, verdict: Verdict): void {
  const source = scope.sources.overrides.get(key);
  if (source === undefined) return;
  verdict.breakBy(source.problems, `flag ${key}`);
  if (source.value === undefined) return;
  verdict.file(source.path, judgeOverridesReferences(key, source.value, fileScope(scope)), `flag ${key}`);
  verdict.file(source.path, judgeUntil(source.value, scope.now));
}

/** Broken tests are told, but break nothing: no answer needs them. */
function judgeTestsFile(key: FlagKey, scope: ProjectScope, verdict: Verdict): void {
  const source = scope.sources.tests.get(key);
  if (source?.value === undefined) return;
  verdict.file(source.path, judgeTestsReferences(key, source.value, fileScope(scope)));
}

/** Whether a segment is used is known only where every file that may use it is read. */
function judgeUnused({ sources }: ProjectScope, verdict: Verdict): void {
  const flags = [...sources.flags.values()].flatMap(({ value }) => value ?? []);
  const segments = [...sources.segments.values()].flatMap(({ value }) => value ?? []);
  if (flags.length < sources.flags.size || segments.length < sources.segments.size) return;
  const used = new Set([
    ...flags.flatMap((flag) => usesOfFlag(flag).segments.map(({ key }) => key)),
    ...segments.flatMap((segment) => usesOfSegment(segment).segments.map(({ key }) => key)),
  ]);
  for (const [key, { path }] of sources.segments) {
    if (!used.has(key)) {
      verdict.file(path, [warningAt([], 'UNUSED_SEGMENT', `segment ${key}: no flag and no segment uses it`)]);
    }
  }
}
