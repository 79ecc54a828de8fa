import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startGitServer } from '../support/git-server.js';
import { DARK_MODE_PATH, followHost, REMOTE_FILES } from '../support/remote.js';
import { until } from '../support/until.js';

const test = suite('a revision that another replica has');
/** Longer than any test: what is served then was asked for. */
const NEVER_MS = 600_000;

test('who writes at one replica reads it at another, which asks the remote because the revision is named', async () => {
  const host = await startGitServer({ files: REMOTE_FILES });
  const one = await followHost(host, { remote: { pollMs: NEVER_MS } });
  const other = await followHost(host, { remote: { pollMs: NEVER_MS } });
  await Promise.all([one.running.ready, other.running.ready]);
  const written = await one.write(DARK_MODE_PATH, { is_enabled: true });
  const headers = { 'Flagstaff-Min-Revision': String(written.headers['flagstaff-commit']) };
  const before = host.requests.length;
  const read = await Promise.all(Array.from({ length: 10 }, () => other.ask(DARK_MODE_PATH, { headers })));
  const asked = host.requests.slice(before).filter(({ path }) => path.includes('info/refs')).length;
  const evaluated = await other.ask('/ofrep/v1/evaluate/flags/dark-mode', { body: {}, headers });
  await Promise.all([one.close(), other.close()]);
  await host.close();
  assert.is(written.status, 200, written.text);
  for (const { status, body } of read) {
    assert.is(status, 200);
    assert.is((body as { is_enabled: boolean }).is_enabled, true);
  }
  assert.is((evaluated.body as { value: boolean }).value, true);
  assert.ok(asked <= 3, `ten requests share their question to the remote: ${asked}`);
});

test('who asks while another waits for what nobody has is served too: the remote is asked again', async () => {
  const host = await startGitServer({ files: REMOTE_FILES });
  const minRevisionLimits = { waitMs: 4_000, hintMs: 4_000, mostCommits: 10 };
  const one = await followHost(host, { remote: { pollMs: NEVER_MS } });
  const other = await followHost(host, { remote: { pollMs: NEVER_MS }, minRevisionLimits });
  await Promise.all([one.running.ready, other.running.ready]);
  const before = host.requests.length;
  const at = (commit: string) => ({ headers: { 'Flagstaff-Min-Revision': commit } });
  const lost = other.ask(DARK_MODE_PATH, at('a'.repeat(40)));
  await until(() => host.requests.length > before);
  const written = await one.write(DARK_MODE_PATH, { is_enabled: true });
  const commit = String(written.headers['flagstaff-commit']);
  const [read, hinted] = await Promise.all([
    other.ask(DARK_MODE_PATH, at(commit)),
    other.ask(`/ofrep/v1/evaluate/flags/dark-mode?flagConfigEtag=${commit}`, { body: {} }),
  ]);
  const [{ status }] = await Promise.all([lost, one.close(), other.running.close()]);
  await host.close();
  assert.is(status, 503);
  assert.is(read.status, 200, read.text);
  assert.is(read.headers['flagstaff-revision'], commit);
  assert.is((hinted.body as { value: boolean }).value, true);
});

test('a replica that the remote does not answer says 503 instead of something older', async () => {
  const host = await startGitServer({ files: REMOTE_FILES });
  const limits = { waitMs: 300, hintMs: 300, mostCommits: 10 };
  const one = await followHost(host, { remote: { pollMs: NEVER_MS } });
  const other = await followHost(host, { remote: { pollMs: NEVER_MS }, minRevisionLimits: limits });
  await Promise.all([one.running.ready, other.running.ready]);
  const written = await one.write(DARK_MODE_PATH, { is_enabled: true });
  host.setFault({ kind: 'status', status: 503 });
  const headers = { 'Flagstaff-Min-Revision': String(written.headers['flagstaff-commit']) };
  const read = await other.ask(DARK_MODE_PATH, { headers });
  host.setFault(undefined);
  await Promise.all([one.close(), other.close()]);
  await host.close();
  assert.is(read.status, 503);
  assert.is((read.body as { error: { code: string } }).error.code, 'REVISION_NOT_SERVED');
});

test.run();
