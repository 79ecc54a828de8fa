import type { IncomingMessage } from 'node:http';
import type { Evaluation, EvaluationContext } from '../model/evaluation.js';
import type { Metrics } from './metrics/metrics.js';
import { observedOf } from './observed.js';
import type { Target } from './ofrep-path.js';
import type { Recorder } from './recording/recorder.js';
import { traceEvaluations } from './tracing/evaluation-events.js';

/** What flags answered to one request. */
export interface Evaluated {
  readonly request: IncomingMessage;
  readonly target: Target;
  readonly context: EvaluationContext;
  readonly evaluations: readonly Evaluation[];
}

/** Who is told of evaluations; answers about the past are none. */
export interface EvaluationWatch {
  evaluated(told: Evaluated): void;
  /** With OpenFeature's error code. */
  failed(code: string): void;
}

/** How evaluations are watched. */
export interface WatchOptions {
  readonly metrics: Pick<Metrics, 'evaluations' | 'countEvaluationError'>;
  /** Records who asks, where a project wants that; nobody does, where it is undefined. */
  readonly recorder: Pick<Recorder, 'note'> | undefined;
  /** True tells traces whom flags answered. */
  readonly tracesContextIds: boolean;
}

/** Counts what flags answer, records who asks, and tells the span of the request where there is one. */
export function watchEvaluations({ metrics, recorder, tracesContextIds }: WatchOptions): EvaluationWatch {
  return {
    evaluated: (told) => {
      metrics.evaluations.add(told.target.environment, told.evaluations);
      recorder?.note(told.target, told.context);
      const { span } = observedOf(told.request);
      if (span?.isRecording()) traceEvaluations(span, told, tracesContextIds);
    },
    failed: (code) => metrics.countEvaluationError(code),
  };
}
