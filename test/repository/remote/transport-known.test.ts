import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startGitServer, type TestGitServer } from '../../support/git-server.js';
import { MAIN, openClone, type RemoteClone, TRACKED } from './remote-clone.js';

const test = suite('repository/remote/transport (known refs)');
const OTHER = 'refs/flagstaff/other';

function fetchBoth({ transport }: RemoteClone) {
  const refs = new Map([
    [MAIN, TRACKED],
    [OTHER, OTHER],
  ]);
  return transport.fetch({ refs }, AbortSignal.timeout(30_000));
}

/** How often the remote was asked since the last call for what it has. */
function questions({ requests }: TestGitServer): () => number {
  let seen = 0;
  return () => {
    const fresh = requests.slice(seen);
    seen = requests.length;
    return fresh.filter(({ method }) => method === 'GET').length;
  };
}

test('news come with one question, also of a ref that was not there before', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const clone = await openClone(server, 'git');
  const asked = questions(server);
  const first = await server.bare.git('rev-parse', 'main');
  assert.equal([...(await fetchBoth(clone)).values()], [first, undefined]);
  assert.is(asked(), 2);
  assert.equal([...(await fetchBoth(clone)).values()], [first, undefined]);
  assert.is(asked(), 1);
  const person = await server.clone();
  const second = await person.commit({ 'a.txt': 'b' });
  await person.git('push', '--quiet', `file://${server.dir}`, 'main', `main~1:${OTHER}`);
  assert.equal([...(await fetchBoth(clone)).values()], [second, first]);
  assert.equal([...(await fetchBoth(clone)).values()], [second, first]);
  assert.is(asked(), 2);
  assert.is(await clone.tracked(), second);
  await server.close();
});

test('a ref that went away is told as not there, however it was known, and so is its return', async () => {
  const server = await startGitServer({ files: { 'a.txt': 'a' } });
  const clone = await openClone(server, 'git');
  const commit = await server.bare.git('rev-parse', 'main');
  await server.bare.git('update-ref', OTHER, commit);
  assert.equal([...(await fetchBoth(clone)).values()], [commit, commit]);
  await server.bare.git('update-ref', '-d', OTHER);
  for (const _ of [1, 2]) assert.equal([...(await fetchBoth(clone)).values()], [commit, undefined]);
  await server.bare.git('update-ref', OTHER, commit);
  for (const _ of [1, 2]) assert.equal([...(await fetchBoth(clone)).values()], [commit, commit]);
  await server.bare.git('update-ref', '-d', MAIN);
  assert.equal([...(await fetchBoth(clone)).values()], [undefined, commit]);
  await server.close();
});

test('a ref with a longer name is not taken for one that is not there', async () => {
  const server = await startGitServer();
  const clone = await openClone(server, 'git');
  assert.equal([...(await clone.fetchMain()).values()], [undefined]);
  const person = await server.clone().catch(() => undefined);
  assert.is(person, undefined, 'there is no main to clone');
  const commit = await clone.test.commit({ 'a.txt': 'a' });
  await clone.test.git('push', '--quiet', `file://${server.dir}`, 'HEAD:refs/heads/team/main');
  assert.equal([...(await clone.fetchMain()).values()], [undefined]);
  await clone.test.git('push', '--quiet', `file://${server.dir}`, 'HEAD:refs/heads/main');
  assert.equal([...(await clone.fetchMain()).values()], [commit]);
  await server.close();
});

test.run();
