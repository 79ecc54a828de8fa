import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readMinRevision } from '../../src/http/min-revision.js';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { FILES } from './sample.js';

const test = suite('min-revision');
let server: TestServer;

test.before(async () => {
  server = await serveFiles(FILES, { minRevisionLimits: { waitMs: 300, hintMs: 100, mostCommits: 3 } });
});
test.after(() => server.close());

const READ = '/api/v1/feature-flags/dark-mode?org_id=acme';
const EVALUATE = '/ofrep/v1/evaluate/flags';
const UNKNOWN = '1'.repeat(40);
const at = (commit: string) => ({ headers: { 'Flagstaff-Min-Revision': commit } });
/** Longer than any test. */
const PATIENT = { waitMs: 600_000, hintMs: 600_000, mostCommits: 3 };
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

test('flagConfigEtag is a hint: what is served is answered in the end, whatever it names (OFREP, ADR-0008)', async () => {
  const head = await server.repository.head();
  const ahead = await commitAhead(server);
  for (const etag of [head, ahead, UNKNOWN, 'worktree', 'abc123xyz', '']) {
    const { status } = await server.ask(`${EVALUATE}?flagConfigEtag=${etag}`, { body: {} });
    assert.is(status, 200, etag);
  }
});

test('flagConfigEtag is waited for: what comes meanwhile is answered', async () => {
  const waiting = await serveFiles(FILES, { minRevisionLimits: PATIENT });
  const ahead = await commitAhead(waiting);
  const asked = waiting.ask(`${EVALUATE}?flagConfigEtag=${ahead}`, { body: {} });
  await waiting.ask('/health');
  await waiting.repository.git('merge', '-q', '--ff-only', 'ahead');
  const { headers } = await asked;
  await waiting.close();
  assert.is(headers['flagstaff-revision'], ahead);
});

test('hints of more commits than are waited for are answered, and take no place of the header', async () => {
  const waiting = await serveFiles(FILES, { minRevisionLimits: { ...PATIENT, mostCommits: 1 } });
  const ahead = await commitAhead(waiting);
  const hints = [UNKNOWN, '2'.repeat(40)].map((commit) =>
    waiting.ask(`${EVALUATE}?flagConfigEtag=${commit}`, { body: {} }),
  );
  // One of the two is waited for, so the other is answered at once.
  const { status } = await Promise.race(hints);
  const asked = waiting.ask(READ, at(ahead));
  await waiting.ask('/health');
  await waiting.repository.git('merge', '-q', '--ff-only', 'ahead');
  const read = await asked;
  await Promise.all([...hints, waiting.running.close()]);
  assert.is(status, 200);
  assert.is(read.status, 200, read.text);
});

test('a write waits before it changes anything: 503 means that nothing was written', async () => {
  const { repository } = server;
  const head = await repository.head();
  const token = await tokenOf();
  const write = await server.ask(READ, { method: 'PUT', token, body: { is_enabled: true }, ...at(UNKNOWN) });
  assert.is(write.status, 503);
  assert.is(codeOf(write.body), 'REVISION_NOT_SERVED');
  assert.is(await repository.head(), head);
});

test('the header beats the hint, and neither is looked for where it does not stand', () => {
  const header = { 'flagstaff-min-revision': UNKNOWN };
  assert.equal(readMinRevision(header, 'flagConfigEtag=abc'), { commit: UNKNOWN, isHint: false });
  assert.equal(readMinRevision({}, `flagConfigEtag=${UNKNOWN}`), { commit: UNKNOWN, isHint: true });
  assert.is(readMinRevision({}, `at=${UNKNOWN}`), undefined);
});

test('more commits than are waited for are refused at once; requests for one commit wait together', async () => {
  const limited = await serveFiles(FILES, { minRevisionLimits: { ...PATIENT, waitMs: 1_000 } });
  const commits = [1, 2, 3, 4].map((digit) => String(digit).repeat(40));
  const asked = [...commits, ...commits, ...commits].map((commit) => limited.ask(READ, at(commit)));
  const messages = (await Promise.all(asked)).map(({ text }) => text);
  await limited.close();
  assert.is(messages.filter((text) => text.includes('too many others')).length, 3);
  assert.is(messages.filter((text) => text.includes('not known here')).length, 9);
});

test('P20: a server that ends does not wait for revisions', async () => {
  const ending = await serveFiles(FILES, { minRevisionLimits: PATIENT });
  const waiting = ending.ask(READ, at(UNKNOWN));
  await ending.ask('/health');
  const [{ status }] = await Promise.all([waiting, ending.running.close()]);
  assert.is(status, 503);
});

/** A commit on a branch of its own, which is not served. */
async function commitAhead({ repository }: TestServer): Promise<string> {
  await repository.git('checkout', '-q', '-b', 'ahead');
  const ahead = await repository.commit({ 'ahead.md': 'words\n' });
  await repository.git('checkout', '-q', 'main');
  return ahead;
}

test.run();
