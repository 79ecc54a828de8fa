import type { Evaluation, EvaluationContext, Reason } from '../model/evaluation.js';
import type { EnvironmentKey } from '../model/keys.js';
import type { OverrideEntry } from '../model/override.js';
import type { Flag, ProjectSnapshot, Segment } from '../model/snapshot.js';

/**
 * The forms that answer: closures made once, at load. Others hand a `CompiledEnvironment` to `evaluate` and read keys,
 * `client` and `flag`; the rest is this folder's own.
 */
export interface CompiledProject {
  readonly project: ProjectSnapshot;
  /** By environment key. */
  readonly environments: ReadonlyMap<string, CompiledEnvironment>;
  readonly bucketer: Bucketer;
}

/** One environment of one project. */
export interface CompiledEnvironment {
  readonly key: EnvironmentKey;
  readonly project: ProjectSnapshot;
  /** By flag key. */
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  /** Sorted by key. */
  readonly sorted: readonly CompiledFlag[];
  /** By segment key. */
  readonly segments: ReadonlyMap<string, CompiledSegment>;
  readonly bucketer: Bucketer;
}

/** One flag in one environment; environments in which a flag says the same may share it. */
export interface CompiledFlag {
  readonly key: string;
  /** True where clients whose key is no secret may evaluate it. */
  readonly client: boolean;
  /** The version that is evaluated. */
  readonly flag: Flag;
  /** What may decide, in order; the first that answers wins. */
  readonly steps: readonly Decide[];
  /** The answer where no step decides. */
  readonly otherwise: Answer;
  /** Who has an override in this environment; undefined where nobody has. */
  readonly exceptions: Exceptions | undefined;
  /** The flags and segments that the steps ask. */
  readonly uses: readonly Use[];
  /** How many references lie one below the other: 0 where it asks nobody. Too many, and it only gives its off variant. */
  readonly depth: number;
  /** Where a stale flag looks up what it asks; undefined where that is the environment it is in. */
  readonly home: CompiledEnvironment | undefined;
}

/** One segment, the same in every environment. */
export interface CompiledSegment {
  readonly key: string;
  readonly segment: Segment;
  /** True for its members; a plain false where nobody can be one. */
  readonly isMember: Condition;
  readonly uses: readonly Use[];
  readonly depth: number;
}

/** A reference from a flag or a segment, and what it led to at compile; undefined where it led nowhere. */
export type Use =
  | { readonly kind: 'flag'; readonly key: string; readonly target: CompiledFlag | undefined }
  | { readonly kind: 'segment'; readonly key: string; readonly target: CompiledSegment | undefined };

/** An answer that a flag can give. It is made when it is first given, for most are never given. */
export interface Answer {
  readonly flag: Flag;
  /** Null: the caller's own default. */
  readonly variant: string | null;
  readonly reason: Reason;
  readonly decider: Decider | undefined;
  made: Evaluation | undefined;
}

/** What decided: the key of the fact in the answer's metadata, and its name. */
export interface Decider {
  readonly by: 'rule' | 'segment' | 'override' | 'requires';
  readonly name: string;
}

/** Who has an exception, by name. */
export interface Exceptions {
  readonly users: ReadonlyMap<string, Exception>;
  readonly companies: ReadonlyMap<string, Exception>;
}

/** One name in one entry of the overrides. */
export interface Exception {
  /** As the file has it. */
  readonly name: string;
  readonly entry: OverrideEntry;
  /** The entry's place in the file. */
  readonly place: number;
  /** The first moment at which it no longer counts, in epoch milliseconds. */
  readonly end: number;
  /** Made at the first need: a file may hold thousands of names. */
  answer: Evaluation | undefined;
}

/** One step of the order of evaluation: an answer, or undefined to go on to the next. */
export type Decide = (
  context: EvaluationContext,
  now: number,
  answered: Answered | undefined,
) => Evaluation | undefined;

/** Something that holds for a caller or not; a plain boolean where no caller and no time changes it. */
export type Condition = boolean | Check;

/** A condition that looks at the caller or the clock. */
export type Check = (context: EvaluationContext, now: number, answered: Answered | undefined) => boolean;

/**
 * What flags and segments have already answered within one evaluation. It keeps the work linear where many references
 * lead to the same few, and is made only where references lie two deep.
 */
export interface Answered {
  readonly flags: Map<CompiledFlag, Evaluation>;
  readonly segments: Map<CompiledSegment, boolean>;
}

/**
 * Places a value among `total` parts: a whole number from 0 up to, not including, `total`. Pure. The default is
 * flagd's: `floor(murmur3_x86_32(utf8(salt + value)) * total / 2^32)`.
 */
export type Bucketer = (salt: string, value: string, total: number) => number;
