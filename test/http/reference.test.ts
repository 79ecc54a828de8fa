import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Validator } from '@seriousme/openapi-schema-validator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles } from '../support/http.js';
import { description } from '../support/openapi.js';
import { FILES } from './sample.js';

const test = suite('reference');

test('the description of the API is an OpenAPI 3.1 document', async () => {
  const validator = new Validator();
  const text = readFileSync(new URL('../../schemas/openapi.yaml', import.meta.url), 'utf8');
  const { valid, errors } = await validator.validate(text);
  assert.is(validator.version, '3.1');
  assert.ok(valid, JSON.stringify(errors));
});

test('GET /openapi.json is the description that the build was made with', async () => {
  const server = await serveFiles(FILES);
  const { status, body } = await server.ask('/openapi.json');
  assert.is(status, 200);
  // Two texts of that length are not compared by pieces: showing how they differ takes minutes.
  assert.ok(isDeepStrictEqual(body, description), 'npm run build makes it new');
  // What is tried out on the page is asked of the server that shows it, whatever its name and port.
  assert.equal((body as { readonly servers: unknown }).servers, [{ url: '/' }]);
  await server.close();
});

test('the page needs nothing but this server', async () => {
  const server = await serveFiles(FILES);
  const page = await server.ask('/docs');
  const places = [...page.text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, place = '']) => place);
  const own = places.filter((place) => !place.startsWith('data:'));
  assert.equal(own, ['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js']);
  for (const place of own) assert.is((await server.ask(place)).status, 200, place);
  assert.match(String(page.headers['content-security-policy']), "default-src 'none'");
  await server.close();
});

test('no other file can be asked for', async () => {
  const server = await serveFiles(FILES);
  for (const name of ['LICENSE', '..%2f..%2fpackage.json', '%2e%2e', 'constructor', '__proto__']) {
    assert.is((await server.ask(`/docs/${name}`)).status, 404, name);
  }
  await server.close();
});

test.run();
