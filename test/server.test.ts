import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mintToken } from '../src/http/auth.js';
import { startServer } from '../src/server.js';
import { FILES } from './http/sample.js';
import { createRepository, temporaryFolder } from './support/git.js';
import { serveFiles, serveRepository, tokenOf } from './support/http.js';

const test = suite('server');
const FLAGS = '/api/v1/feature-flags';

/** Sends bytes on a new connection and gives all that comes back until it is closed. */
async function sendRaw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(bytes);
  return text(socket);
}

test('an unborn branch is not ready: 503 with Retry-After, until its first commit (RELIABILITY 1)', async () => {
  const repository = await createRepository();
  const server = await serveRepository(repository);
  for (const [path, body] of [
    ['/ready', undefined],
    [FLAGS, undefined],
    ['/ofrep/v1/evaluate/flags', {}],
    ['/ofrep/v1/evaluate/flags/dark-mode', {}],
  ] as const) {
    const { status, headers } = await server.ask(path, { body });
    assert.is(status, 503, path);
    assert.match(String(headers['retry-after']), /^[1-9]\d*$/);
  }
  assert.is(((await server.ask('/health')).body as { status: string }).status, 'starting');
  await repository.commit(FILES);
  await server.running.ready;
  assert.is((await server.ask('/ready')).status, 200);
  assert.is((await server.ask('/ofrep/v1/evaluate/flags/dark-mode', { body: {} })).status, 200);
  await server.close();
});

test('a branch that is served and not checked out is not written to: 409 (DESIGN 5)', async () => {
  const repository = await createRepository(FILES);
  await repository.git('branch', 'live');
  const before = await repository.head();
  const server = await serveRepository(repository, { branch: 'live' });
  await server.running.ready;
  const { status, body } = await server.ask(`${FLAGS}/dark-mode`, {
    method: 'PUT',
    token: await tokenOf(),
    body: { description: 'for the branch live' },
  });
  assert.is(status, 409);
  assert.is((body as { error: { code: string } }).error.code, 'WRONG_BRANCH');
  assert.is(await repository.head(), before);
  await server.close();
});

test('a server that ends finishes what runs and answers 503 to what comes (P20)', async () => {
  const server = await serveFiles(FILES);
  const token = await tokenOf();
  const running = Array.from({ length: 5 }, (_, number) =>
    server.ask(`${FLAGS}/dark-mode`, { method: 'PUT', token, body: { description: `number ${number}` } }),
  );
  await server.ask('/ready');
  const closed = server.running.close();
  const answers = await Promise.all(running);
  await closed;
  const done = answers.filter((one) => one.status === 200).length;
  assert.ok(answers.every((one) => one.status === 200 || one.status === 503));
  assert.is(await server.repository.git('rev-list', '--count', 'HEAD'), String(1 + done));
  assert.is(await server.repository.git('status', '--porcelain'), '');
  await server.ask('/ready').then(
    () => assert.unreachable('the server still listens'),
    (error) => assert.is(error.code, 'ECONNREFUSED'),
  );
});

test('what comes while a server ends is told so: 503 SHUTTING_DOWN (P20)', async () => {
  const server = await serveFiles(FILES);
  const { hostname, port } = new URL(server.url);
  const slow = connect(Number(port), hostname);
  const head = `POST ${FLAGS}/invalidate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${await tokenOf()}\r\n`;
  slow.write(`${head}Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{"org_id":`);
  await server.ask('/ready');
  const closed = server.running.close();
  const listed = await server.ask(FLAGS);
  const evaluated = await server.ask('/ofrep/v1/evaluate/flags/dark-mode', { body: {} });
  assert.equal([listed.status, evaluated.status], [503, 503]);
  assert.is((listed.body as { error: { code: string } }).error.code, 'SHUTTING_DOWN');
  assert.is((evaluated.body as { errorDetails: string }).errorDetails, 'the server is shutting down');
  slow.write('   "acme"}');
  assert.match(await text(slow), /^HTTP\/1\.1 200 /);
  await closed;
});

test('what is no HTTP is answered 400, in the shape of all errors (RELIABILITY 2, P13)', async () => {
  const server = await serveFiles(FILES);
  for (const bytes of [
    'nonsense\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /\0 HTTP/1.1\r\nHost: localhost\r\n\r\n',
  ]) {
    const answer = await sendRaw(server.url, bytes);
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/);
    assert.is(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').error.code, 'INVALID_REQUEST');
  }
  const long = await sendRaw(
    server.url,
    `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  );
  assert.match(long, /^HTTP\/1\.1 431 /);
  assert.is((await server.ask('/ready')).status, 200);
  await server.close();
});

test('a client that goes away in the middle of its body hurts nobody (P13)', async () => {
  const server = await serveFiles(FILES);
  const { hostname, port } = new URL(server.url);
  for (const path of ['/ofrep/v1/evaluate/flags', FLAGS]) {
    const socket = connect(Number(port), hostname);
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`;
    await new Promise<void>((resolve) => socket.write(head, () => resolve()));
    socket.destroy();
    assert.is((await server.ask('/ready')).status, 200);
  }
  await server.close();
  assert.equal(server.log, []);
});

test('slow clients are cut off: headers within 5 s, a request within 8 s (RELIABILITY 1)', async () => {
  const server = await serveFiles(FILES);
  const head =
    'POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n';
  const answers = await Promise.all([sendRaw(server.url, head), sendRaw(server.url, `${head}\r\n{`)]);
  for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/);
  await server.close();
});

test('an address that is taken fails the start', async () => {
  const server = await serveFiles(FILES);
  const { dir } = await createRepository(FILES);
  const port = Number(new URL(server.url).port);
  await startServer({ repo: dir, host: '127.0.0.1', port }).then(
    () => assert.unreachable('two servers on one port'),
    (error) => assert.is(error.code, 'EADDRINUSE'),
  );
  await server.close();
});

test('a folder that is no repository fails the start with a sentence', async () => {
  await startServer({ repo: temporaryFolder(), host: '127.0.0.1', port: 0 }).then(
    () => assert.unreachable('no repository, and it serves'),
    (error) => assert.is(error.code, 'NO_REPOSITORY'),
  );
});

test('the first start makes a secret under the git folder, and the next uses it (DESIGN 8)', async () => {
  const repository = await createRepository(FILES);
  const first = await serveRepository(repository, { trust: undefined });
  await first.running.ready;
  const secret = readFileSync(`${repository.dir}/.git/flagstaff/secret`, 'utf8').trim();
  const token = await mintToken({ secret, sub: 'marc', expires: '1h' });
  assert.is((await first.ask(FLAGS, { token })).status, 200);
  assert.is((await first.ask(FLAGS, { token: await tokenOf() })).status, 401);
  await first.close();
  const second = await serveRepository(repository, { trust: undefined });
  await second.running.ready;
  assert.is((await second.ask(FLAGS, { token })).status, 200);
  await second.close();
});

test.run();
