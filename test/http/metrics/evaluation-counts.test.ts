import { Registry } from 'prom-client';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledEnvironment } from '../../../src/evaluation/compiled.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import { EvaluationCounts } from '../../../src/http/metrics/evaluation-counts.js';
import { openCache } from '../../../src/repository/cache.js';
import { openRepository } from '../../../src/repository/git.js';
import { createRepository, type Files } from '../../support/git.js';

const KEYS = ['one', 'two', 'three', 'four'];

/** Environments in which every flag answers the same. */
async function environmentsOf(keys: readonly string[]): Promise<ReadonlyMap<string, CompiledEnvironment>> {
  const both = '  development: { enabled: true }\n  production: { enabled: true }\n';
  const files: Files = {
    'flags/acme/org.yaml': 'name: Acme\n',
    'flags/acme/site/project.yaml': 'environments: [development, production]\n',
    ...Object.fromEntries(keys.map((key) => [`flags/acme/site/flags/${key}.yaml`, `environments:\n${both}`])),
  };
  const { dir } = await createRepository(files);
  const cache = await openCache({ repository: await openRepository(dir) });
  await cache.ready;
  const environments = cache.findOrg('acme')?.projects.get('site')?.environments;
  await cache.close();
  return environments ?? new Map();
}

function demanded(environment: CompiledEnvironment | undefined): CompiledEnvironment {
  if (environment === undefined) throw new Error('no such environment');
  return environment;
}

/** By flag and environment, how often it was counted. */
async function told(counts: EvaluationCounts): Promise<Record<string, number>> {
  const registry = new Registry();
  counts.register(registry);
  const [metric] = await registry.getMetricsAsJSON();
  return Object.fromEntries(
    (metric?.values ?? []).map(({ labels, value }) => [`${labels.environment}/${labels.flag}`, value]),
  );
}

test('a flag that says the same in two environments is counted in each', async () => {
  const environments = await environmentsOf(['one']);
  const counts = new EvaluationCounts();
  for (const key of ['production', 'production', 'development']) {
    const environment = demanded(environments.get(key));
    counts.add(environment, [evaluate(environment, 'one', {}, 0)]);
  }
  assert.equal(await told(counts), { 'production/one': 2, 'development/one': 1 });
});

test('of more flags than the bound the rest are counted together', async () => {
  const environments = await environmentsOf(KEYS);
  const environment = demanded(environments.get('production'));
  const counts = new EvaluationCounts(2);
  const all = KEYS.map((key) => evaluate(environment, key, {}, 0));
  counts.add(environment, all);
  counts.add(environment, all);
  assert.equal(await told(counts), { 'production/one': 2, 'production/two': 2, 'production/other': 4 });
});

test.run();
