import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { Serve } from '../model/flag.js';
import type { JsonObject, JsonValue, Scalar } from '../model/values.js';
import { askFlag, type Scope } from './reference.js';
import { bucketOf, choose, type Gate, type Shares } from './share.js';

/** One step of the order of evaluation, as it was looked at. Exactly the last one of an explanation decided. */
export type StepTrace = { readonly decided: boolean } & (
  | { readonly step: 'killed'; readonly killed: boolean }
  | OverrideTrace
  | {
      readonly step: 'segment';
      readonly segment: string;
      readonly serve: string | null;
      readonly membership: MembershipTrace;
    }
  | { readonly step: 'enabled'; readonly enabled: boolean }
  | {
      readonly step: 'requires';
      readonly flag: string;
      readonly variant: string;
      readonly answer: AnswerTrace;
      readonly met: boolean;
    }
  | RuleTrace
  | { readonly step: 'serve'; readonly serve: Serve; readonly split?: SplitTrace }
  | { readonly step: 'off'; readonly variant: string | null }
);

/** Whether an override names the caller. */
export interface OverrideTrace {
  readonly step: 'override';
  /** What the caller is known by: userId, email, targetingKey and companyId, as far as they are there. */
  readonly caller: JsonObject;
  /** The entry that counts: its place in the file, from 0, and the name in it. */
  readonly entry?: {
    readonly place: number;
    readonly name: string;
    readonly serve: string | null;
    readonly until?: string;
    readonly reason?: string;
  };
}

/** What a rule compared. */
export interface RuleTrace {
  readonly step: 'rule';
  readonly rule: string;
  /** Up to the first clause that does not hold. */
  readonly when: readonly ClauseTrace[];
  readonly percentage?: number;
  /** Left out where a clause does not hold, and where the percentage lets everybody or nobody in. */
  readonly gate?: GateTrace;
  readonly serve: Serve;
  readonly split?: SplitTrace;
}

/** Where a percentage placed the caller. `bucket` is null without a value to bucket by. */
export interface GateTrace {
  readonly salt: string;
  readonly bucketBy: string;
  readonly bucket: number | null;
  /** A bucket below it passes. */
  readonly threshold: number;
  readonly total: number;
  readonly passes: boolean;
}

/** Where weights placed the caller. `bucket` and `variant` are null without a value to bucket by. */
export interface SplitTrace {
  readonly salt: string;
  readonly bucketBy: string;
  readonly bucket: number | null;
  readonly total: number;
  /** The first whose `below` is above the bucket is chosen. */
  readonly bounds: readonly { readonly variant: string; readonly below: number }[];
  readonly variant: string | null;
}

/** One clause, and what it compared. */
export type ClauseTrace = { readonly holds: boolean } & (
  | {
      readonly clause: 'attribute';
      readonly attribute: string;
      /** Left out where the attribute is missing. */
      readonly value?: JsonValue;
      readonly tests: readonly TestTrace[];
    }
  | { readonly clause: 'segment'; readonly segment: string; readonly membership: MembershipTrace }
  | {
      readonly clause: 'flag';
      readonly flag: string;
      readonly variant: string;
      readonly answer: AnswerTrace;
    }
  | { readonly clause: 'all' | 'any'; readonly clauses: readonly ClauseTrace[] }
  | { readonly clause: 'not'; readonly inner: ClauseTrace }
);

/** One test of an attribute clause. */
export interface TestTrace {
  readonly test: string;
  readonly wanted: Scalar | readonly Scalar[];
  readonly ignoreCase: boolean;
  readonly passes: boolean;
}

/** Whether the caller is a member of a segment, and by what. */
export interface MembershipTrace {
  readonly member: boolean;
  readonly by: 'missing' | 'inactive' | 'exclude' | 'include' | 'when' | 'nothing' | 'seen before';
  /** The clauses that were looked at. */
  readonly when?: readonly ClauseTrace[];
}

/** What another flag answered; the variant is null where that was no value, the reason where there is no such flag. */
export interface AnswerTrace {
  readonly variant: string | null;
  readonly reason: string | null;
}

/** Who asks, when, where, and what of it was explained before. */
export interface Asking {
  readonly scope: Scope;
  readonly context: EvaluationContext;
  readonly now: number;
  /** The segments already explained: one that is used again is not explained again. */
  readonly seen: Set<string>;
}

/** Traces a gate. */
export function traceGate(gate: Gate, context: EvaluationContext): GateTrace {
  const { salt, bucketBy, threshold, total } = gate;
  const bucket = bucketOf(gate, context) ?? null;
  return { salt, bucketBy, bucket, threshold, total, passes: bucket !== null && bucket < threshold };
}

/** Traces a split. */
export function traceSplit(shares: Shares, context: EvaluationContext): SplitTrace {
  const { salt, bucketBy, total } = shares;
  const bounds = shares.bounds.map(({ variant, below }) => ({ variant, below }));
  const answer = choose(shares, context);
  const bucket = bucketOf(shares, context) ?? null;
  return { salt, bucketBy, bucket, total, bounds, variant: variantOf(answer) };
}

/** Traces what another flag answers this caller. */
export function traceAnswer(flagKey: string, { scope, context, now }: Asking): AnswerTrace {
  const flag = scope.flags.get(flagKey);
  if (flag === undefined) return { variant: null, reason: null };
  const answer = askFlag(flag, context, now, undefined);
  return { variant: variantOf(answer), reason: answer.kind === 'missing' ? null : answer.reason };
}

function variantOf(answer: Evaluation | undefined): string | null {
  return answer?.kind === 'value' ? answer.variant : null;
}
