import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shownAddress } from '../../../src/model/webhook.js';
import { type Answered, serveFiles } from '../../support/http.js';
import { startReceiver, verify } from './receiver.js';
import { baseline, FLAG, filesFor, ON, rulesFor, secretAt, told } from './webhook-server.js';

const test = suite('webhooks');

test('a commit is told with its author, sentences, and what was before and after, signed after Standard Webhooks', async () => {
  const receiver = await startReceiver();
  const server = await serveFiles(filesFor([`url: '${receiver.url}?room=7'`]), rulesFor(receiver));
  await baseline(server);
  const commit = await server.repository.commit({ [FLAG]: ON }, 'Open the banner');
  await receiver.has(1);
  const secret = await secretAt(server);
  await server.close();
  await receiver.close();
  const [received] = receiver.received;
  assert.ok(received);
  assert.is(received.path, '/hook?room=7');
  verify(received, secret);
  assert.throws(() => verify({ ...received, text: received.text.replace('banner', 'footer') }, secret));
  const { data, ...message } = received.message;
  const time = await server.repository.git('show', '-s', '--format=%cI', commit);
  assert.equal(message, {
    type: 'project.changed',
    timestamp: new Date(time).toISOString().replace('.000', ''),
  });
  const { changes, ...told } = data;
  assert.equal(told, {
    org: 'acme',
    project: 'web-app',
    environments: ['production'],
    commit,
    author: { name: 'Marc', email: 'marc@example.com' },
    subject: 'Open the banner',
    sentences: ['production: enabled'],
    isCut: false,
  });
  assert.equal(
    changes.map(({ before, after }) => [before, after]),
    [[false, true]],
  );
});

test('a message is sent once its commit is served', async () => {
  const flag = '/orgs/acme/projects/web-app/environments/production/ofrep/v1/evaluate/flags/banner';
  const answers: Promise<Answered>[] = [];
  const ask = (): void => void answers.push(server.ask(flag, { body: {} }));
  const receiver = await startReceiver(() => {
    ask();
    return 204;
  });
  const server = await serveFiles(filesFor([`url: '${receiver.url}'`]), rulesFor(receiver));
  await baseline(server);
  await server.repository.commit({ [FLAG]: ON });
  await receiver.has(1);
  const [answer] = await Promise.all(answers);
  await server.close();
  await receiver.close();
  assert.is((answer?.body as { readonly value?: unknown } | undefined)?.value, true);
});

test('events and environments choose what is told, and other projects tell nothing', async () => {
  const receiver = await startReceiver();
  const entries = [
    `url: '${receiver.url}/segments', events: [segment]`,
    `url: '${receiver.url}/development', environments: [development]`,
    `url: '${receiver.url}/last', events: [tests]`,
  ];
  const server = await serveFiles(filesFor(entries), rulesFor(receiver));
  await baseline(server);
  await server.repository.commit({ [FLAG]: ON, 'flags/acme/api/flags/inner.yaml': ON }, 'production');
  await server.repository.commit({ [FLAG]: `# Only words.\n${ON}` }, 'layout');
  await server.repository.commit({ 'flags/acme/web-app/segments/beta.yaml': 'active: false\n' }, 'segment');
  const tests = '- { name: a, expect: { variant: on } }\n';
  await server.repository.commit({ 'flags/acme/web-app/tests/banner.yaml': tests }, 'tests');
  await receiver.has(3);
  await told(server);
  await server.close();
  await receiver.close();
  const came = receiver.received.map(({ path, message }) => [path, message.data.subject]);
  assert.equal(came.sort(), [
    ['/hook/development', 'segment'],
    ['/hook/last', 'tests'],
    ['/hook/segments', 'segment'],
  ]);
});

test('adding a webhook tells the others of it without its path, which may be as good as a password', async () => {
  const receiver = await startReceiver();
  const server = await serveFiles(filesFor([`url: '${receiver.url}'`]), rulesFor(receiver));
  await baseline(server);
  const path = 'flags/acme/web-app/project.yaml';
  const added = 'https://hooks.example.com/services/T4711';
  const files = filesFor([`url: '${receiver.url}'`, `url: '${added}'`]);
  await server.repository.commit({ [path]: files[path] ?? '' }, 'Tell the room');
  await receiver.has(1);
  await server.close();
  await receiver.close();
  const { message, text = '' } = receiver.received[0] ?? {};
  assert.equal(message?.data.sentences, [`webhook ${shownAddress(added)} added`]);
  assert.match(text, 'https://hooks.example.com#');
  assert.not.match(text, 'T4711');
});

test.run();
