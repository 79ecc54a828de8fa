import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { messageOf } from '../../../src/http/webhooks/message.js';
import { secretOf, signatureHeaders } from '../../../src/http/webhooks/signature.js';
import type { OrgKey, ProjectKey } from '../../../src/model/keys.js';
import { openCache } from '../../../src/repository/cache.js';
import { openRepository } from '../../../src/repository/git.js';
import { createRepository, type Files } from '../../support/git.js';

const test = suite('messages of webhooks');
const URL = 'https://hooks.example.com/';
const FLAGS = 'flags/acme/web-app/flags';
const PROJECT = { 'flags/acme/web-app/project.yaml': 'environments: [production]\n' };

/** What a webhook is told of the commit of these files, as JSON. */
async function told(before: Files, files: Files, subject = 'change') {
  const repository = await createRepository({ ...PROJECT, ...before });
  const commit = await repository.commit(files, subject);
  const cache = await openCache({ repository: await openRepository(repository.dir) });
  await cache.ready;
  const project = cache.findOrg('acme')?.snapshot.projects.get('web-app' as ProjectKey);
  const entry = await cache.history.entryOf(commit, ['flags/acme/web-app/']);
  await cache.close();
  if (project === undefined || entry === undefined) throw new Error('not served');
  const message = messageOf(entry, project, { url: URL });
  return message && { ...message, data: JSON.parse(message.body).data };
}

test('a message for several organizations does not say its subject: it may be about the others', async () => {
  const globex = { 'flags/globex/api/project.yaml': 'environments: [production]\n' };
  const flag = { [`${FLAGS}/a.yaml`]: 'environments: {}\n' };
  const message = await told({}, { ...flag, ...globex }, 'globex wants a');
  assert.is(message?.data.subject, 'withheld: the commit also touches other organizations');
  assert.not.match(message?.body ?? '', 'globex');
});

test('of many changes a hundred are told, and that there are more', async () => {
  const many = Array.from({ length: 120 }, (_, index) => [`${FLAGS}/f${index}.yaml`, 'environments: {}\n']);
  const message = await told({}, Object.fromEntries(many));
  assert.equal(
    [message?.data.changes.length, message?.data.sentences.length, message?.data.isCut],
    [100, 100, true],
  );
});

test('values that are too long are left out, and the sentences stay', async () => {
  const large = (letter: string): string => `'${letter.repeat(50_000)}'`;
  const text = (index: number, letter: string): Files => ({
    [`${FLAGS}/f${index}.yaml`]: `type: string\nvariants: { on: ${large(letter)}, off: b }\nenvironments: {}\n`,
  });
  const all = (letter: string): Files => Object.assign({}, ...[1, 2, 3].map((index) => text(index, letter)));
  const message = await told(all('x'), all('y'));
  assert.ok((message?.body.length ?? 0) < 10_000);
  assert.equal([message?.data.changes.length, message?.data.isCut], [3, true]);
  assert.not.ok('before' in (message?.data.changes[0] ?? {}));
});

test('a commit that only moves words about tells nothing', async () => {
  const path = `${FLAGS}/a.yaml`;
  assert.is(
    await told({ [path]: 'environments: {}\n' }, { [path]: '# Why.\nenvironments: {}\n' }),
    undefined,
  );
});

test('signatures and secrets are pinned: receivers keep them', () => {
  const destination = { org: 'acme' as OrgKey, project: 'web-app' as ProjectKey, url: URL };
  const headers = signatureHeaders(
    { id: 'msg_1', body: '{}' },
    { master: 'a secret', destination, seconds: 1_768_471_200 },
  );
  assert.equal(
    [secretOf('a secret', destination), headers['webhook-signature']],
    ['whsec_psapPzSsqibzr1KyO/3D0v0XQVCxCqTcl+CesyDYG5I=', 'v1,TfIz+WM8Ij7wTSLY86rK9fguIGH/+9ge4nRTVAI1t6o='],
  );
  const others = [
    secretOf('another', destination),
    secretOf('a secret', { ...destination, org: 'globex' as OrgKey }),
    secretOf('a secret', { ...destination, project: 'api' as ProjectKey }),
    secretOf('a secret', { ...destination, url: `${URL}x` }),
  ];
  assert.is(new Set([...others, secretOf('a secret', destination)]).size, 5);
});

test.run();
