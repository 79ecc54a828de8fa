import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ownMark } from '../../src/repository/process-life.js';
import { noteServer, readServerNote } from '../../src/repository/server-note.js';
import { createRepository, temporaryFolder } from '../support/git.js';
import { serveRepository } from '../support/http.js';

test('a running server is noted under the git folder for its owner alone, and the note goes with it', async () => {
  const repository = await createRepository({ 'flags/acme/org.yaml': 'name: Acme\n' });
  const stateDir = join(repository.dir, '.git', 'flagstaff');
  const server = await serveRepository(repository);
  const path = join(stateDir, 'server.json');
  const note = { url: server.url, ...ownMark() };
  assert.equal(JSON.parse(readFileSync(path, 'utf8')), note);
  assert.equal(readServerNote({ stateDir }), note);
  assert.is(statSync(stateDir).mode & 0o077, 0);
  await server.close();
  assert.is(readServerNote({ stateDir }), undefined);
  assert.throws(() => statSync(path), /ENOENT/);
});

test('of two servers of one clone the first stays noted until it ends', async () => {
  const stateDir = temporaryFolder();
  const first = await noteServer({ stateDir }, 'http://127.0.0.1:1001');
  const second = await noteServer({ stateDir }, 'http://127.0.0.1:1002');
  second();
  assert.is(readServerNote({ stateDir })?.url, 'http://127.0.0.1:1001');
  first();
  assert.is(readServerNote({ stateDir }), undefined);
});

const LEFT = {
  nothing: '',
  'half of it': '{"url":',
  'no note': 'null',
  'another note': '{"url":7,"pid":1,"startedAt":""}',
  'no start of its process': `{"url":"http://127.0.0.1:1","pid":${process.pid}}`,
  'a process that has ended': '{"url":"http://127.0.0.1:1","pid":4194305,"startedAt":""}',
  'a process whose id is ours now': `{"url":"http://127.0.0.1:1","pid":${process.pid},"startedAt":"before"}`,
};

for (const [what, left] of Object.entries(LEFT)) {
  test(`what a dead server left says nothing: ${what}`, async () => {
    const stateDir = temporaryFolder();
    writeFileSync(join(stateDir, 'server.json'), left);
    assert.is(readServerNote({ stateDir }), undefined);
    const remove = await noteServer({ stateDir }, 'http://127.0.0.1:1003');
    assert.is(readServerNote({ stateDir })?.url, 'http://127.0.0.1:1003');
    remove();
  });
}

test.run();
