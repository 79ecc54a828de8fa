import { parseEnvironmentKey } from '../../model/keys.js';
import type { Pointer } from '../../model/problem.js';
import type { JsonValue } from '../../model/values.js';
import type { Difference, Part } from '../difference.js';

/** A difference before it is said whose file it is in. */
export type PartDifference = Omit<Difference, 'path' | 'resource'>;

/** The same thing in two versions. */
export interface Versions<Value> {
  readonly before: Value;
  readonly after: Value;
}

/** What there is to tell of one part; `before` and `after` are model values, undefined where there is nothing. */
export interface Told {
  readonly part: Part;
  readonly at: Pointer;
  /** The environment that it is about; it goes in front of the sentence. */
  readonly environment?: string | undefined;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Left out, it follows from what there is before and after. */
  readonly action?: Difference['action'];
  readonly sentence: string;
}

/** Makes the difference. */
export function tell({ part, at, environment, before, after, action, sentence }: Told): PartDifference {
  const key = environment === undefined ? undefined : parseEnvironmentKey(environment);
  return {
    ...(key === undefined ? {} : { environment: key }),
    part,
    action: action ?? actionOf(before, after),
    at,
    ...(before === undefined ? {} : { before: before as JsonValue }),
    ...(after === undefined ? {} : { after: after as JsonValue }),
    sentence: environment === undefined ? sentence : `${environment}: ${sentence}`,
  };
}

function actionOf(before: unknown, after: unknown): Difference['action'] {
  if (before === undefined) return 'added';
  return after === undefined ? 'removed' : 'changed';
}
