import type { EvaluationContext } from '../model/evaluation.js';
import type { ProjectSnapshot } from '../model/snapshot.js';

/**
 * The forms that answer: closures made once, at load. `CompiledFlag` is opaque outside this folder; others hand a
 * `CompiledEnvironment` to `evaluate`.
 */
export interface CompiledProject {
  readonly project: ProjectSnapshot;
  /** By environment key. */
  readonly environments: ReadonlyMap<string, CompiledEnvironment>;
}

/** One environment of one project. */
export interface CompiledEnvironment {
  readonly key: string;
  readonly project: ProjectSnapshot;
  /** By flag key. */
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  /** Sorted by key. */
  readonly sorted: readonly CompiledFlag[];
  /** By segment key. */
  readonly segments: ReadonlyMap<string, CompiledSegment>;
}

/** One flag in one environment. */
export interface CompiledFlag {
  readonly key: string;
  /** True where clients whose key is no secret may evaluate it. */
  readonly client: boolean;
}

/** One segment: true for its members. */
export interface CompiledSegment {
  readonly key: string;
  readonly isMember: (context: EvaluationContext, now: number) => boolean;
}

/**
 * Places a value among `total` parts: a whole number from 0 up to, not including, `total`. Pure. The default is
 * flagd's: `floor(murmur3_x86_32(utf8(salt + value)) * total / 2^32)`.
 */
export type Bucketer = (salt: string, value: string, total: number) => number;
