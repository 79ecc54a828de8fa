import type { FlagKey, SegmentKey } from '../model/keys.js';
import { judgeAttributes } from './attributes.js';
import type { Clashes } from './clashes.js';
import { warningAt } from './issue.js';
import { judgeChains } from './judge-chains.js';
import { type Asking, needsOf } from './needs.js';
import { judgeExpiry, judgeUntil } from './overdue.js';
import type { FileKind, Finding } from './parsed.js';
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
  const asking: Asking = { flags: new Map(), segments: new Map(), asked: new Set() };
  const { flags, segments, overrides, tests } = scope.sources;
  yield* inSlices(verdict, flags, (key, source) => judgeFlagFile({ key, source, scope, verdict, asking }));
  yield* inSlices(verdict, segments, (key, source) =>
    judgeSegmentFile({ key, source, scope, verdict, asking }),
  );
  yield* inSlices(verdict, overrides, (key, source) => judgeOverridesFile({ key, source, scope, verdict }));
  yield* inSlices(verdict, tests, (key, source) => judgeTestsFile({ key, source, scope, verdict }));
  for (const clash of clashes) {
    if (clash.size === 0) continue;
    for (const [key, { path }] of flags) verdict.file(path, clash.get(path) ?? [], `flag ${key}`);
    for (const [key, { path }] of segments) verdict.file(path, clash.get(path) ?? [], `segment ${key}`);
  }
  yield;
  yield* judgeChains(scope, verdict, asking);
  judgeUnused(scope, verdict, asking);
  yield;
  return { findings: verdict.findings, broken: verdict.broken(() => needsOf(scope)) };
}

function* inSlices<Key, Kind extends FileKind>(
  verdict: Verdict,
  sources: ReadonlyMap<Key, Source<Kind>>,
  judge: (key: Key, source: Source<Kind>) => void,
): Generator<void, void> {
  let judged = 0;
  for (const [key, source] of sources) {
    const told = verdict.findings.length;
    judge(key, source);
    judged += verdict.findings.length > told ? SLICE : 1;
    if (judged < SLICE) continue;
    judged = 0;
    yield;
  }
}

/** One file that is judged. */
interface Judging<Key, Kind extends FileKind> {
  readonly key: Key;
  readonly source: Source<Kind>;
  readonly scope: ProjectScope;
  readonly verdict: Verdict;
}

function judgeFlagFile(judging: Judging<FlagKey, 'flag'> & { readonly asking: Asking }): void {
  const { key, source, scope, verdict, asking } = judging;
  const { path, problems, value } = source;
  verdict.breakBy(problems, `flag ${key}`);
  if (value === undefined) return;
  const uses = usesOfFlag(value);
  if (uses.flags.length > 0) asking.flags.set(key, uses);
  for (const use of uses.segments) asking.asked.add(use.key);
  verdict.file(path, judgeFlagReferences(value, uses, fileScope(scope)), `flag ${key}`);
  verdict.file(path, judgeAttributes(uses, scope.file?.attributes));
  verdict.file(path, judgeExpiry(value, scope.now));
}

function judgeSegmentFile(judging: Judging<SegmentKey, 'segment'> & { readonly asking: Asking }): void {
  const { key, source, scope, verdict, asking } = judging;
  const { path, problems, value } = source;
  verdict.breakBy(problems, `segment ${key}`);
  if (value === undefined) return;
  const uses = usesOfSegment(value);
  if (uses.segments.length > 0) asking.segments.set(key, uses);
  for (const use of uses.segments) asking.asked.add(use.key);
  verdict.file(path, judgeSegmentReferences(uses, fileScope(scope)), `segment ${key}`);
  verdict.file(path, judgeAttributes(uses, scope.file?.attributes));
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

/** Whether a segment is used is known only where every file that may use it is read. */
function judgeUnused({ sources }: ProjectScope, verdict: Verdict, { asked }: Asking): void {
  for (const { value } of sources.flags.values()) if (value === undefined) return;
  for (const { value } of sources.segments.values()) if (value === undefined) return;
  for (const [key, { path }] of sources.segments) {
    if (!asked.has(key)) {
      verdict.file(path, [warningAt([], 'UNUSED_SEGMENT', `segment ${key}: no flag and no segment uses it`)]);
    }
  }
}
