import type { CompiledSegment } from '../../evaluation/compiled.js';
import { askSegment, isTooDeep } from '../../evaluation/reference.js';
import type { EvaluationContext } from '../../model/evaluation.js';
import type { ComparedEnvironment } from './comparison.js';
import type { SegmentShare } from './impact.js';

/** So many segments of a project are counted, those first that the flags ask: each is asked of everybody who moves. */
const MOST_SEGMENTS = 50;

interface ComparedSegment {
  readonly key: string;
  readonly before: CompiledSegment | undefined;
  readonly after: CompiledSegment | undefined;
}

/** Tells which segments of a project somebody is, or was, a member of. */
export class Memberships {
  readonly #segments: readonly ComparedSegment[];

  constructor(environment: ComparedEnvironment) {
    this.#segments = segmentsOf(environment);
  }

  /** The places of the segments, as `SegmentCounts` counts them. */
  of(context: EvaluationContext, now: number): readonly number[] {
    const found: number[] = [];
    for (const [place, { before, after }] of this.#segments.entries()) {
      const isMember =
        (after !== undefined && askSegment(after, context, now, undefined)) ||
        (before !== undefined && askSegment(before, context, now, undefined));
      if (isMember) found.push(place);
    }
    return found;
  }

  /** Most first. */
  named(counts: ReadonlyMap<number, number>): readonly SegmentShare[] {
    return this.#segments
      .map(({ key }, place) => ({ segment: key, moved: counts.get(place) ?? 0 }))
      .filter(({ moved }) => moved > 0)
      .sort((one, other) => other.moved - one.moved);
  }
}

function segmentsOf({ before, after, flags }: ComparedEnvironment): readonly ComparedSegment[] {
  const asked = flags.flatMap((flag) => [...(flag.before?.uses ?? []), ...(flag.after?.uses ?? [])]);
  const first = asked.filter(({ kind }) => kind === 'segment').map(({ key }) => key);
  const keys = new Set([...first, ...(after?.segments.keys() ?? []), ...(before?.segments.keys() ?? [])]);
  return [...keys]
    .slice(0, MOST_SEGMENTS)
    .map((key) => ({ key, before: before?.segments.get(key), after: after?.segments.get(key) }))
    .filter((segment) => canHaveMembers(segment.before) || canHaveMembers(segment.after));
}

function canHaveMembers(segment: CompiledSegment | undefined): boolean {
  return segment !== undefined && segment.isMember !== false && !isTooDeep(segment.depth);
}
