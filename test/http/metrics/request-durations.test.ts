import { Registry } from 'prom-client';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { RequestDurations } from '../../../src/http/metrics/request-durations.js';

const NAME = 'flagstaff_request_duration_seconds';

/** The lines of a registry that show something. */
async function lines(durations: RequestDurations): Promise<string[]> {
  const registry = new Registry();
  durations.register(registry);
  const text = await registry.metrics();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test('a bucket holds what took no longer than its bound, as Prometheus reads them', async () => {
  const durations = new RequestDurations();
  for (const seconds of [0.0005, 0.0006, 0.3, 60]) durations.add('GET /health', { status: 200, seconds });
  const labels = 'operation="GET /health",status="2xx"';
  const counts = [1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3];
  const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  assert.equal(await lines(durations), [
    ...bounds.map((bound, place) => `${NAME}_bucket{${labels},le="${bound}"} ${counts[place]}`),
    `${NAME}_bucket{${labels},le="+Inf"} 4`,
    `${NAME}_sum{${labels}} 60.3011`,
    `${NAME}_count{${labels}} 4`,
  ]);
});

test('classes of statuses are apart', async () => {
  const durations = new RequestDurations();
  for (const status of [200, 204, 304, 404, 503]) durations.add('GET /ready', { status, seconds: 0.001 });
  const counts = (await lines(durations)).filter((line) => line.startsWith(`${NAME}_count`));
  assert.equal(
    counts.map((line) => line.slice(line.indexOf('status='))),
    ['status="2xx"} 2', 'status="3xx"} 1', 'status="4xx"} 1', 'status="5xx"} 1'],
  );
});

test.run();
