import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { PersonCaller } from '../../../src/http/access.js';
import { acceptInvitation } from '../../../src/http/write-changes.js';
import { Failure } from '../../../src/model/failure.js';
import { openCache } from '../../../src/repository/cache.js';
import { openRepository } from '../../../src/repository/git.js';
import { openWriter } from '../../../src/repository/writer.js';
import { createRepository } from '../../support/git.js';

const ORG = 'flags/acme/org.yaml';
const FILES = {
  [ORG]: [
    'invitations:',
    '  - { email: ana@example.com, permissions: ["org:member"] }',
    '  - { email: Zoe@example.com, permissions: ["org:admin"] }',
    '',
  ].join('\n'),
};

function callerOf(email: string | undefined): PersonCaller {
  const identity = { subject: 'zoe', email, name: undefined, isSuperAdmin: false };
  return { kind: 'person', identity, token: { id: 'f'.repeat(64), expiresAt: Number.MAX_SAFE_INTEGER } };
}

async function prepare() {
  const made = await createRepository(FILES);
  const repository = await openRepository(made.dir);
  const cache = await openCache({ repository });
  await cache.refresh();
  const writer = await openWriter({ repository, cache });
  const served = cache.findOrg('acme');
  if (served === undefined) throw new Error('acme is not served');
  const close = async () => {
    await writer.close();
    await cache.close();
  };
  return { repository: made, cache, writer, served, close };
}

async function codeOf(write: Promise<unknown>): Promise<string> {
  const error = await write.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof Failure ? error.code : String(error);
}

test('an invitation becomes a membership, and no other one does', async () => {
  const { repository, writer, served, close } = await prepare();
  await acceptInvitation(writer, callerOf('zoe@EXAMPLE.com'), { served });
  assert.is(
    await repository.git('show', `HEAD:${ORG}`),
    [
      'invitations:',
      '  - { email: ana@example.com, permissions: ["org:member"] }',
      'members:',
      '  - { email: Zoe@example.com, permissions: [org:admin] }',
    ].join('\n'),
  );
  await close();
});

test('an invitation that was narrowed since it was read is not accepted as it was', async () => {
  const { repository, cache, writer, served, close } = await prepare();
  const narrowed = await repository.commit({ [ORG]: FILES[ORG]?.replace('org:admin', 'org:member') ?? '' });
  await cache.refresh();
  const write = acceptInvitation(writer, callerOf('zoe@example.com'), { served });
  assert.is(await codeOf(write), 'PRECONDITION_FAILED');
  assert.is(await repository.head(), narrowed);
  await close();
});

test('who is not invited, or whose address nobody vouches for, accepts nothing', async () => {
  const { repository, writer, served, close } = await prepare();
  const head = await repository.head();
  for (const email of ['lee@example.com', '', undefined]) {
    assert.is(await codeOf(acceptInvitation(writer, callerOf(email), { served })), 'INVITATION_NOT_FOUND');
  }
  assert.is(await repository.head(), head);
  await close();
});

test.run();
