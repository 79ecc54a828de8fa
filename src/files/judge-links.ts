import { isDeepStrictEqual } from 'node:util';
import { warningAt } from './issue.js';
import { judgeChains } from './judge-chains.js';
import { type Asking, askingOf, dependentsOf, needsOf } from './needs.js';
import type { SourcesChange } from './reach.js';
import type { ProjectScope } from './scope.js';
import type { Source } from './sources.js';
import { type Uses, usesOfFlag, usesOfSegment } from './uses.js';
import { type Dependents, Verdict } from './verdict.js';

/** What the references between the files of a project come to, all of them together. */
export interface Links {
  /** Cycles, chains that are too deep, and segments that nobody uses. */
  readonly verdict: Verdict;
  /** Made when it is first asked for: only what is broken has anybody to break. */
  readonly dependents: () => Dependents;
}

/** Judges the references of all files of a project together; yields by environment. */
export function* judgeLinks(scope: ProjectScope): Generator<void, Links> {
  const verdict = new Verdict();
  const asking = askingOf(scope.sources);
  yield;
  yield* judgeChains(scope, verdict, asking);
  judgeUnused(scope, verdict, asking);
  let known: Dependents | undefined;
  const dependents = (): Dependents => {
    known ??= dependentsOf(needsOf(scope));
    return known;
  };
  return { verdict, dependents };
}

/** True where the same files are there and can be read, and refer to each other as before. */
export function isLinkedAs({ before, after, changed }: SourcesChange): boolean {
  return (
    changed.flags.every((key) => isReferringAs(before.flags.get(key), after.flags.get(key), usesOfFlag)) &&
    changed.segments.every((key) =>
      isReferringAs(before.segments.get(key), after.segments.get(key), usesOfSegment),
    )
  );
}

function isReferringAs<Kind extends 'flag' | 'segment'>(
  before: Source<Kind> | undefined,
  after: Source<Kind> | undefined,
  usesOf: (value: NonNullable<Source<Kind>['value']>) => Uses,
): boolean {
  if (before === undefined || after === undefined) return false;
  const [old, now] = [before.value && usesOf(before.value), after.value && usesOf(after.value)];
  return isDeepStrictEqual(old?.flags, now?.flags) && isDeepStrictEqual(old?.segments, now?.segments);
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
