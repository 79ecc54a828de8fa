import type { EvaluationContext } from '../../model/evaluation.js';
import type { ComparedEnvironment } from './comparison.js';
import { exampleHash } from './examples.js';
import { type Asking, FlagTally } from './flag-tally.js';
import type { SegmentShare } from './impact.js';
import { Memberships } from './memberships.js';

/** How to count. */
export interface TallyOptions {
  /** The moment of the questions, in epoch milliseconds. */
  readonly now: number;
  /** How many examples of each move to keep. */
  readonly examples: number;
}

/** One flag of an environment, as it is counted. */
export interface CountedFlag {
  readonly tally: FlagTally;
  moved: number;
  /** How many of the moved are in a segment, by the segment's place. */
  readonly segments: Map<number, number>;
}

/** Counts what the flags of one environment answer. */
export class EnvironmentTally {
  readonly compared: ComparedEnvironment;
  readonly flags: readonly CountedFlag[];
  readonly #memberships: Memberships;
  readonly #asking: Asking;
  #contexts = 0;

  constructor(compared: ComparedEnvironment, { now, examples }: TallyOptions) {
    this.compared = compared;
    this.#memberships = new Memberships(compared);
    this.#asking = { now, hash: onceForEach(exampleHash) };
    this.flags = compared.flags.map((flag) => ({
      tally: new FlagTally(flag, examples),
      moved: 0,
      segments: new Map<number, number>(),
    }));
  }

  /** How many contexts asked here. */
  get contexts(): number {
    return this.#contexts;
  }

  /** True where some flag answers this caller otherwise than before. */
  add(context: EvaluationContext, count: number): boolean {
    this.#contexts += count;
    let segments: readonly number[] | undefined;
    for (const flag of this.flags) {
      if (!flag.tally.add(context, count, this.#asking)) continue;
      segments ??= this.#memberships.of(context, this.#asking.now);
      flag.moved += count;
      for (const place of segments) flag.segments.set(place, (flag.segments.get(place) ?? 0) + count);
    }
    return segments !== undefined;
  }

  /** The segments in which people moved by this flag; most first. */
  segmentsOf({ segments }: CountedFlag): readonly SegmentShare[] {
    return this.#memberships.named(segments);
  }
}

/** Remembers the last answer: the flags of an environment ask for the same caller one after the other. */
function onceForEach(hash: (context: EvaluationContext) => number): (context: EvaluationContext) => number {
  let last: EvaluationContext | undefined;
  let known = 0;
  return (context) => {
    if (context !== last) [last, known] = [context, hash(context)];
    return known;
  };
}
