import type { Evaluation, Reason } from '../model/evaluation.js';
import { flagVariants } from '../model/flag.js';
import type { Flag } from '../model/snapshot.js';
import type { FlatMetadata, JsonValue } from '../model/values.js';

/** What decided: the key of the fact in the answer's metadata, and its name. */
export interface Decider {
  readonly by: 'rule' | 'segment' | 'override' | 'requires';
  readonly name: string;
}

/** Gives the answer with this variant (null: the caller's own default). The same question gives the same frozen object. */
export type Outcomes = (variant: string | null, reason: Reason, decider?: Decider) => Evaluation;

/** Makes the answers of one flag. What decided wins over the flag's own metadata of the same name. */
export function outcomesOf(flag: Flag): Outcomes {
  const made = new Map<string, Evaluation>();
  const metadata = ownMetadata(flag);
  return (variant, reason, decider) => {
    const id = `${reason} ${decider?.by ?? ''} ${variant ?? ''} ${decider?.name ?? ''}`;
    const known = made.get(id);
    if (known !== undefined) return known;
    const facts = decider === undefined ? metadata : withDecider(metadata, decider);
    const answer = answerOf({ flag, variant, reason, metadata: facts });
    made.set(id, answer);
    return answer;
  };
}

const NO_METADATA: FlatMetadata = Object.freeze({});

function ownMetadata(flag: Flag): FlatMetadata {
  return flag.file.metadata === undefined ? NO_METADATA : Object.freeze({ ...flag.file.metadata });
}

function withDecider(metadata: FlatMetadata, { by, name }: Decider): FlatMetadata {
  return Object.freeze({ ...metadata, [by]: name });
}

interface Answer {
  readonly flag: Flag;
  readonly variant: string | null;
  readonly reason: Reason;
  readonly metadata: FlatMetadata;
}

function answerOf({ flag, variant, reason, metadata }: Answer): Evaluation {
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

/** An answer is shared by all who ask, so nobody may change the value in it. */
function freezeDeep(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freezeDeep(part);
  return Object.freeze(value);
}
