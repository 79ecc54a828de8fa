import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledEnvironment } from '../../../src/evaluation/compiled.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import { EvaluationCounts } from '../../../src/http/metrics/evaluation-counts.js';
import { openCache } from '../../../src/repository/cache.js';
import { openRepository } from '../../../src/repository/git.js';
import { createRepository, type Files } from '../../support/git.js';

const KEYS = ['one', 'two', 'three', 'four'];

const ORGS = ['acme', 'globex'];

/** Environments of one organization, in which every flag answers the same. */
async function environmentsOf(
  keys: readonly string[],
  org = 'acme',
): Promise<ReadonlyMap<string, CompiledEnvironment>> {
  const both = '  development: { enabled: true }\n  production: { enabled: true }\n';
  const files: Files = Object.fromEntries(
    ORGS.flatMap((name) => [
      [`flags/${name}/org.yaml`, `name: ${name}\n`],
      [`flags/${name}/site/project.yaml`, 'environments: [development, production]\n'],
      ...keys.map((key) => [`flags/${name}/site/flags/${key}.yaml`, `environments:\n${both}`]),
    ]),
  );
  const { dir } = await createRepository(files);
  const cache = await openCache({ repository: await openRepository(dir) });
  await cache.ready;
  const environments = cache.findOrg(org)?.projects.get('site')?.environments;
  await cache.close();
  return environments ?? new Map();
}

function demanded(environment: CompiledEnvironment | undefined): CompiledEnvironment {
  if (environment === undefined) throw new Error('no such environment');
  return environment;
}

/** By flag and environment, how often it was counted. */
async function told(counts: EvaluationCounts): Promise<Record<string, number>> {
  const lines = (await counts.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const {
        environment = '',
        flag = '',
        count = '',
      } = /environment="(?<environment>[^"]*)",flag="(?<flag>[^"]*)".*\} (?<count>\d+)$/.exec(line)?.groups ??
      {};
      return [`${environment}/${flag}`, Number(count)];
    }),
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

test('an organization with many flags leaves the room of the others, and its counts go when it goes', async () => {
  const [acme, globex] = await Promise.all(
    ORGS.map(async (org) => demanded((await environmentsOf(KEYS, org)).get('production'))),
  );
  const counts = new EvaluationCounts(2);
  const add = (environment: CompiledEnvironment | undefined, keys: readonly string[]): void => {
    const known = demanded(environment);
    counts.add(
      known,
      keys.map((key) => evaluate(known, key, {}, 0)),
    );
  };
  add(acme, KEYS);
  add(globex, ['four']);
  assert.match(await counts.text(), 'org="globex",project="site",environment="production",flag="four"');
  counts.forget('acme');
  assert.equal(await told(counts), { 'production/four': 1 });
  add(acme, ['three', 'four']);
  assert.match(await counts.text(), 'org="acme",project="site",environment="production",flag="three"');
});

test('what stands in a label is escaped as Prometheus reads it', async () => {
  const environment = demanded((await environmentsOf(['one'])).get('production'));
  const counts = new EvaluationCounts();
  const evaluation = evaluate(environment, 'one', {}, 0);
  if (evaluation.kind !== 'value') throw new Error('it has a value');
  counts.add(environment, [{ ...evaluation, variant: 'a"b\\c\nd' }]);
  assert.match(await counts.text(), 'variant="a\\"b\\\\c\\nd"');
});

test.run();
