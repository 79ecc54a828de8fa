import type { Route } from '../route.js';
import { METRICS_TYPE, type Metrics } from './metrics.js';

/** For Prometheus and whoever speaks its format. */
export function metricsRoutes(metrics: Metrics): readonly Route[] {
  return [
    {
      operation: 'GET /metrics',
      query: [],
      handle: async () => ({
        status: 200,
        headers: { 'Cache-Control': 'no-store' },
        content: { type: METRICS_TYPE, bytes: await metrics.text() },
      }),
    },
  ];
}
