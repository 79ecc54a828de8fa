import type { Attributes, Span } from '@opentelemetry/api';
import type { Evaluation } from '../../model/evaluation.js';
import type { Evaluated } from '../evaluation-watch.js';

const EVENT = 'feature_flag.evaluation';
const PROVIDER = 'flagstaff';

/**
 * Tells a span what flags answered, an event each, in the words of OpenTelemetry's semantic conventions for feature flags.
 * Whom they answered is left out unless `withContextId`: a targeting key may be somebody's address.
 */
export function traceEvaluations(
  span: Span,
  { evaluations, target, context }: Evaluated,
  withContextId: boolean,
): void {
  const { environment, served } = target;
  const { targetingKey } = context;
  const common: Attributes = {
    'feature_flag.provider.name': PROVIDER,
    'feature_flag.set.id': `${environment.project.org}/${environment.project.key}/${environment.key}`,
    'feature_flag.version': served.revision,
    ...(withContextId && typeof targetingKey === 'string' ? { 'feature_flag.context.id': targetingKey } : {}),
  };
  for (const evaluation of evaluations) span.addEvent(EVENT, { ...common, ...attributesOf(evaluation) });
}

/** Reasons are written in lower case there. */
function attributesOf(evaluation: Evaluation): Attributes {
  const key = { 'feature_flag.key': evaluation.flagKey };
  if (evaluation.kind === 'missing') {
    return { ...key, 'feature_flag.result.reason': 'error', 'error.type': 'flag_not_found' };
  }
  const reason = { ...key, 'feature_flag.result.reason': evaluation.reason.toLowerCase() };
  return evaluation.kind === 'value'
    ? { ...reason, 'feature_flag.result.variant': evaluation.variant }
    : reason;
}
