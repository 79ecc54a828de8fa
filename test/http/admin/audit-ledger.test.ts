import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { AuditLedgers } from '../../../src/http/admin/audit-ledger.js';
import { openRepository } from '../../../src/repository/git.js';
import { History } from '../../../src/repository/history.js';
import { createRepository, repositoryAt, temporaryFolder } from '../../support/git.js';
import { FILES } from './sample.js';
import { FLAG_PATH, rulesFileWith } from './serving.js';

const UNDER = ['flags/acme/web-app/'];

test('a clone that is deepened is counted anew, though its head is the same', async () => {
  const made = await createRepository(FILES);
  const head = await made.commit({ [FLAG_PATH]: rulesFileWith(['12.5', '20']) }, 'one more');
  const dir = temporaryFolder();
  await made.git('clone', '--quiet', '--depth=1', `file://${made.dir}`, dir);
  const history = new History(await openRepository(dir));
  const ledgers = new AuditLedgers(history);
  await history.follow(head);
  const shallow = await ledgers.of(UNDER);
  await repositoryAt(dir).git('fetch', '--quiet', '--unshallow');
  await history.follow(head);
  const whole = await ledgers.of(UNDER);
  assert.equal([shallow.length, whole.length], [1, 2]);
  assert.equal([whole[0]?.oid, whole[0]?.entries], [head, 1], 'one rule, not all that was there');
  await history.close();
});

test('what is counted is not told again: only new commits are', async () => {
  const made = await createRepository(FILES);
  const history = new History(await openRepository(made.dir));
  const ledgers = new AuditLedgers(history);
  await history.follow(await made.head());
  const first = await ledgers.of(UNDER);
  assert.is(await ledgers.of(UNDER), first);
  const head = await made.commit({ [FLAG_PATH]: rulesFileWith(['12.5', '20']) }, 'one more');
  await history.follow(head);
  const second = await ledgers.of(UNDER);
  assert.equal([second[0]?.oid, second.length], [head, 2]);
  assert.is(second[1], first[0]);
  await history.close();
});

test.run();
