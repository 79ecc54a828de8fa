import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Commit, parseCommit } from '../../src/repository/commit.js';
import { openRepository } from '../../src/repository/git.js';
import { openHistory } from '../../src/repository/history.js';
import { historyCommit } from '../../src/repository/history-index.js';
import { createRepository } from '../support/git.js';

const test = suite('repository/commit');

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const OID = 'a'.repeat(40);
const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';

/** A commit object with these lines in its header after the tree. */
function parsed(lines: readonly (string | Buffer)[], message: string | Buffer = ''): Commit {
  const header = [`tree ${OID}`, ...lines].flatMap((line) => [Buffer.from(line), Buffer.from('\n')]);
  return parseCommit(OID, Buffer.concat([...header, Buffer.from('\n'), Buffer.from(message)]));
}

test('a moment that RFC 3339 cannot write is the nearest that it can', () => {
  const secondsOf = (digits: string) =>
    parsed([`committer Marc <marc@example.com> ${digits} +0000`]).committer.seconds;
  assert.is(secondsOf('1700000000'), 1_700_000_000);
  assert.is(secondsOf('-5'), 0);
  for (const digits of ['99999999999999', '253402300800', '9'.repeat(400)]) {
    assert.is(new Date(secondsOf(digits) * 1_000).toISOString(), '9999-12-31T23:59:59.000Z');
  }
});

test('one commit of an absurd date leaves all times tellable', async () => {
  const made = await createRepository();
  await made.commit({ [FLAG]: 'environments: {}\n' }, 'start', { GIT_COMMITTER_DATE: '@1700000000 +0000' });
  const head = await made.commit({ [FLAG]: 'environments: { }\n' }, 'late', {
    GIT_COMMITTER_DATE: '@99999999999999 +0000',
  });
  const history = await openHistory(await openRepository(made.dir), { head });
  assert.equal(history.timesOf(FLAG), {
    createdAt: '2023-11-14T22:13:20Z',
    updatedAt: '9999-12-31T23:59:59Z',
  });
  await history.close();
});

test('a commit is read in the encoding that it names, where it is known', () => {
  const author = Buffer.from('author Jos\u00e9 <jose@example.com> 1 +0000', 'latin1');
  const message = Buffer.from('caf\u00e9\n', 'latin1');
  const read = parsed([author, 'encoding ISO-8859-1'], message);
  assert.equal([read.author.name, read.message], ['Jos\u00e9', 'caf\u00e9\n']);
  assert.is(parsed(['encoding no-such-thing'], 'caf\u00e9\n').message, 'caf\u00e9\n');
  assert.is(parsed(['gpgsig x\n encoding latin1'], 'caf\u00e9\n').message, 'caf\u00e9\n');
});

test('what history keeps of a commit holds nothing of a long message', async () => {
  const message = Buffer.from(`subject\n\n${'why '.repeat(1_000_000)}`);
  const kept = Array.from({ length: 30 }, () =>
    historyCommit(parsed(['author Marc <marc@example.com> 1 +0000'], message), []),
  );
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  kept.length = 0;
  collectGarbage();
  const freed = before - process.memoryUsage().heapUsed;
  assert.ok(freed < 10_000_000, `${freed} bytes were kept`);
});

test.run();
