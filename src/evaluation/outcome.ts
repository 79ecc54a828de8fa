import type { Evaluation, Reason } from '../model/evaluation.js';
import { flagVariants } from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import type { FlatMetadata, JsonValue } from '../model/values.js';
import type { Answer, Decider } from './compiled.js';

/** Names an answer with this variant (null: the caller's own default). Where nothing decided, the same question gives the same one. */
export type Outcomes = (variant: string | null, reason: Reason, decider?: Decider) => Answer;

/** Names the answers of one flag. What decided wins over the flag's own metadata of the same name. */
export function outcomesOf(flag: Flag): Outcomes {
  const undecided: Answer[] = [];
  return (variant, reason, decider) => {
    if (decider !== undefined) return { flag, variant, reason, decider, made: undefined };
    for (const known of undecided) if (known.variant === variant && known.reason === reason) return known;
    const answer: Answer = { flag, variant, reason, decider, made: undefined };
    undecided.push(answer);
    return answer;
  };
}

/** The answer itself: the same frozen object each time. */
export function give(answer: Answer): Evaluation {
  answer.made ??= evaluationOf(answer);
  return answer.made;
}

function evaluationOf({ flag, variant, reason, decider }: Answer): Evaluation {
  const metadata = metadataOf(flag.file.metadata ?? {}, decider);
  const variants = flagVariants(flag.file);
  const value = variant !== null && Object.hasOwn(variants, variant) ? variants[variant] : undefined;
  if (variant === null || value === undefined) {
    return Object.freeze({ kind: 'default', flagKey: flag.key, reason, metadata });
  }
  return Object.freeze({
    kind: 'value',
    flagKey: flag.key,
    variant,
    value: freezeDeep(value),
    reason,
    metadata,
  });
}

function metadataOf(own: FlatMetadata, decider: Decider | undefined): FlatMetadata {
  return Object.freeze(decider === undefined ? { ...own } : { ...own, [decider.by]: decider.name });
}

/** An answer is shared by all who ask, so nobody may change the value in it. */
function freezeDeep(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freezeDeep(part);
  return Object.freeze(value);
}
