import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { requestIdOf } from '../../src/http/request-id.js';
import { serveFiles } from '../support/http.js';
import { FILES } from './sample.js';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test('a request keeps the name that it comes with', () => {
  for (const id of ['1', 'Root=1-67891233-abcdef012345678912345678', 'a'.repeat(128), 'x/y:z+1@2']) {
    assert.is(requestIdOf(id), id);
  }
});

test('what is no name gets one: it would stand in logs', () => {
  for (const id of [undefined, '', 'a'.repeat(129), 'a b', 'a\nb', 'ä', '-a', ['a', 'b']]) {
    assert.match(requestIdOf(id), UUID);
  }
});

test('P18: a credential is no name', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXJjIn0.c2lnbmF0dXJl';
  for (const id of [token, `r/${token}`, 'fs_server_0123456789abcdef', 'whsec_C2FVsBQIhrscChlQIMV']) {
    assert.match(requestIdOf(id), UUID);
  }
});

test('every answer names its request: of OFREP, of the API, of what is not there', async () => {
  const server = await serveFiles(FILES);
  const asks = [
    { path: '/ofrep/v1/evaluate/flags', ask: { body: {} } },
    { path: '/ofrep/v1/evaluate/flags/nothing', ask: { body: {} } },
    { path: '/health', ask: {} },
    { path: '/api/v1/feature-flags', ask: { method: 'PUT', body: {} } },
    { path: '/nowhere', ask: {} },
  ];
  for (const { path, ask } of asks) {
    const named = await server.ask(path, { ...ask, headers: { 'X-Request-Id': 'r-17' } });
    assert.is(named.headers['x-request-id'], 'r-17', path);
    const [one, other] = [await server.ask(path, ask), await server.ask(path, ask)];
    assert.match(String(one.headers['x-request-id']), UUID);
    assert.is.not(one.headers['x-request-id'], other.headers['x-request-id']);
  }
  await server.close();
});

test.run();
