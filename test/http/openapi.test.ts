import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changesRoutes } from '../../src/http/changes-routes.js';
import { featureFlagRoutes } from '../../src/http/feature-flags.js';
import { healthRoutes } from '../../src/http/health.js';
import { openCache } from '../../src/repository/cache.js';
import { openRepository } from '../../src/repository/git.js';
import { openWriter } from '../../src/repository/writer.js';
import { createRepository } from '../support/git.js';
import { checkExamples, description } from '../support/openapi.js';
import { FILES } from './sample.js';

const test = suite('openapi');

test('every route is described, and every description but those of OFREP is a route', async () => {
  const { dir } = await createRepository(FILES);
  const repository = await openRepository(dir);
  const cache = await openCache({ repository });
  const writer = await openWriter({ repository, cache });
  const options = { repository, cache, writer, publicAccess: undefined, version: '0', now: Date.now };
  const routes = [...healthRoutes(options), ...featureFlagRoutes(options), ...changesRoutes(options)];
  const described = Object.entries(description.paths)
    .filter(([path]) => !path.includes('/ofrep/'))
    .flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((operation) => !operation.startsWith('PARAMETERS'));
  const served = routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
  assert.equal(served.sort(), described.sort());
  await writer.close();
  await cache.close();
});

test('every example is of the shape that it is an example of', () => {
  assert.ok(checkExamples() > 45);
});

test.run();
