import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readMinRevision } from '../../src/http/min-revision.js';
import { serveFiles, type TestServer } from '../support/http.js';
import { FILES } from './sample.js';

const test = suite('min-revision');
let server: TestServer;

test.before(async () => {
  server = await serveFiles(FILES, { minRevisionLimits: { waitMs: 300, mostWaiting: 3 } });
});
test.after(() => server.close());

const READ = '/api/v1/feature-flags/dark-mode?org_id=acme';
const EVALUATE = '/ofrep/v1/evaluate/flags';
const UNKNOWN = '1'.repeat(40);
const at = (commit: string) => ({ headers: { 'Flagstaff-Min-Revision': commit } });
const codeOf = (body: unknown) => (body as { error: { code: string } }).error.code;

test('what is served, and what lies below it, is answered at once', async () => {
  const first = await server.repository.head();
  const second = await server.repository.commit({ 'README.md': 'words\n' });
  for (const commit of [first, second, first.toUpperCase()]) {
    assert.is((await server.ask(READ, at(commit))).status, 200);
    assert.is((await server.ask(EVALUATE, { body: {}, ...at(commit) })).status, 200);
  }
});

test('a commit that is made while the request waits is answered from it or a later one', async () => {
  const { repository } = server;
  const path = 'flags/acme/web-app/flags/dark-mode.yaml';
  const commit = await repository.commit({ [path]: `name: Dark\n${FILES[path]}` });
  const read = await server.ask(READ, at(commit));
  assert.is(read.status, 200);
  assert.is(read.headers['flagstaff-revision'], commit);
});

test('a commit that came in by a merge counts as served with the merge', async () => {
  const { repository } = server;
  await repository.git('checkout', '-q', '-b', 'side');
  const side = await repository.commit({ 'side.md': 'words\n' });
  await repository.git('checkout', '-q', 'main');
  assert.is((await server.ask(READ, at(side))).status, 503);
  await repository.git('merge', '-q', '--no-ff', '--no-edit', 'side');
  const answered = await server.ask(READ, at(side));
  assert.is(answered.status, 200);
  assert.is(answered.headers['flagstaff-revision'], await repository.head());
});

test('a commit that does not come is 503 with Retry-After, never an older answer', async () => {
  const read = await server.ask(READ, at(UNKNOWN));
  assert.is(read.status, 503);
  assert.is(codeOf(read.body), 'REVISION_NOT_SERVED');
  assert.is(read.headers['retry-after'], '1');
  const evaluated = await server.ask(EVALUATE, { body: {}, ...at(UNKNOWN) });
  assert.is(evaluated.status, 503);
  assert.is((evaluated.body as { errorCode: string }).errorCode, 'GENERAL');
});

test('a text that is no commit id is 400', async () => {
  for (const text of ['main', '1234567', '', `${UNKNOWN}0`]) {
    const read = await server.ask(READ, at(text));
    assert.is(read.status, 400, text);
    assert.is(codeOf(read.body), 'INVALID_REVISION');
    assert.is((await server.ask(EVALUATE, { body: {}, ...at(text) })).status, 400, text);
  }
});

test('flagConfigEtag waits too, but what nobody knows is no reason not to answer (OFREP, ADR-0008)', async () => {
  const head = await server.repository.head();
  for (const etag of [head, UNKNOWN, 'abc123xyz', '']) {
    const { status } = await server.ask(`${EVALUATE}?flagConfigEtag=${etag}`, { body: {} });
    assert.is(status, 200, etag);
  }
  const { repository } = server;
  await repository.git('checkout', '-q', '-b', 'ahead');
  const ahead = await repository.commit({ 'ahead.md': 'words\n' });
  await repository.git('checkout', '-q', 'main');
  const { status } = await server.ask(`${EVALUATE}?flagConfigEtag=${ahead}`, { body: {} });
  assert.is(status, 503);
});

test('the header beats the hint, and neither is looked for where it does not stand', () => {
  const header = { 'flagstaff-min-revision': UNKNOWN };
  assert.equal(readMinRevision(header, 'flagConfigEtag=abc'), { commit: UNKNOWN, isHint: false });
  assert.equal(readMinRevision({}, `flagConfigEtag=${UNKNOWN}`), { commit: UNKNOWN, isHint: true });
  assert.is(readMinRevision({}, `at=${UNKNOWN}`), undefined);
});

test('more requests than may wait are refused at once', async () => {
  const asked = Array.from({ length: 6 }, () => server.ask(READ, at(UNKNOWN)));
  const messages = (await Promise.all(asked)).map(({ text }) => text);
  assert.is(messages.filter((text) => text.includes('too many requests wait')).length, 3);
});

test('P20: a server that ends does not wait for revisions', async () => {
  const minRevisionLimits = { waitMs: 600_000, mostWaiting: 3 };
  const ending = await serveFiles(FILES, { minRevisionLimits });
  const waiting = ending.ask(READ, at(UNKNOWN));
  await ending.ask('/health');
  const [{ status }] = await Promise.all([waiting, ending.running.close()]);
  assert.is(status, 503);
});

test.run();
