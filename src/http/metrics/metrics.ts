import { Counter, Gauge, Registry } from 'prom-client';
import type { FollowedRemote } from '../../repository/remote/remote.js';
import type { Logs } from '../logs/logs.js';
import type { Webhooks } from '../webhooks/webhooks.js';
import { EvaluationCounts } from './evaluation-counts.js';
import { processMetrics } from './process-metrics.js';
import { registerRemote } from './remote-metrics.js';
import { RequestDurations } from './request-durations.js';
import { registerServed, type ServedSources } from './served-metrics.js';
import { type Watched, watchCounter, watchGauge } from './watched.js';
import { registerWebhooks } from './webhook-metrics.js';

/** What is measured. */
export interface MetricsOptions extends ServedSources {
  /** The remote repository that is followed; undefined where there is none. */
  readonly remote: FollowedRemote | undefined;
  /** How many writes wait or are being made; undefined where nobody counts them. */
  readonly queueLength: (() => number) | undefined;
  /** Undefined where nobody reads them. */
  readonly logs: Pick<Logs, 'dropped'> | undefined;
  /** What tells the webhooks of projects. */
  readonly webhooks: Pick<Webhooks, 'counts'>;
  /** The version of this program. */
  readonly version: string;
}

/** What the server counts, for Prometheus. Labels name organizations, flags and operations, never people. */
export interface Metrics {
  readonly evaluations: EvaluationCounts;
  readonly requests: RequestDurations;
  /** Counts an evaluation that OpenFeature's error code answers. */
  countEvaluationError(code: string): void;
  /** Counts a write: `changed`, `unchanged`, or the code of what refused it. */
  countWrite(org: string, outcome: string): void;
  watch(watched: Watched): void;
  /** All of it in Prometheus' text format, version 0.0.4. */
  text(): Promise<string>;
}

/** The media type of `Metrics.text`. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Opens the metrics of one server, in a registry of its own. */
export function openMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const evaluations = new EvaluationCounts();
  const requests = new RequestDurations();
  registerVersion(options.version, registry);
  options.cache.onGone((org) => evaluations.forget(org));
  requests.register(registry);
  registerServed(options, registry);
  if (options.remote !== undefined) registerRemote(options.remote, registry);
  registerWebhooks(options.webhooks, registry);
  const { logs, queueLength } = options;
  if (logs !== undefined) watchCounter(lossOf(logs), registry);
  if (queueLength !== undefined) watchGauge(queueOf(queueLength), registry);
  return {
    evaluations,
    requests,
    ...openCounters(registry),
    watch: (watched) => watchGauge(watched, registry),
    text: async () =>
      [await evaluations.text(), await registry.metrics(), await processMetrics().metrics()].join('\n'),
  };
}

function openCounters(registry: Registry): Pick<Metrics, 'countEvaluationError' | 'countWrite'> {
  const registers = [registry];
  const errors = new Counter({
    name: 'flagstaff_evaluation_errors_total',
    help: 'Evaluations that were answered with an error, by its code.',
    labelNames: ['code'],
    registers,
  });
  const writes = new Counter({
    name: 'flagstaff_writes_total',
    help: 'Writes over REST: those that made a commit, those that had nothing to change, and what refused the others.',
    labelNames: ['org', 'outcome'],
    registers,
  });
  return {
    countEvaluationError: (code) => errors.inc({ code }),
    countWrite: (org, outcome) => writes.inc({ org, outcome }),
  };
}

function registerVersion(version: string, registry: Registry): void {
  const name = 'flagstaff_info';
  const help = 'Always 1; the label has the version of the program.';
  new Gauge({ name, help, labelNames: ['version'], registers: [registry] }).set({ version }, 1);
}

function queueOf(read: () => number): Watched {
  return { name: 'flagstaff_write_queue', help: 'Writes that wait or are being made.', read };
}

function lossOf(logs: Pick<Logs, 'dropped'>): Watched {
  const help = 'Log lines that were lost, because the disk or the reader was too slow for them.';
  return { name: 'flagstaff_log_lines_dropped_total', help, read: () => logs.dropped };
}
