import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repositoryAt, temporaryFolder } from '../../support/git.js';
import { type Answered, serveFiles, serveRepository, type TestServer, tokenOf } from '../../support/http.js';
import { until } from '../../support/until.js';
import { type Receiver, startReceiver, verify } from './receiver.js';

const test = suite('webhooks');
const FLAG = 'flags/acme/web-app/flags/banner.yaml';
const OFF = 'environments:\n  production: { enabled: false }\n';
const ON = 'environments:\n  production: { enabled: true }\n';

function filesFor(entries: readonly string[]): Record<string, string> {
  return {
    'flags/acme/org.yaml': 'members: [{ email: marc@example.com, permissions: [org:admin] }]\n',
    'flags/acme/web-app/project.yaml': [
      'environments: [development, production]',
      'webhooks:',
      ...entries.map((entry) => `  - { ${entry} }`),
      '',
    ].join('\n'),
    [FLAG]: OFF,
    'flags/acme/web-app/segments/beta.yaml': 'include: { users: [u-1] }\n',
    'flags/acme/api/project.yaml': 'environments: [production]\n',
    'flags/acme/api/flags/inner.yaml': OFF,
  };
}

/** A server that may tell this receiver, with attempts at once. */
function rulesFor({ host }: Receiver, more: object = {}): object {
  return { webhooks: { isOn: true, allow: [host], schedule: [0, 0, 0], ...more } };
}

async function secretAt(server: TestServer): Promise<string> {
  const { body } = await server.ask('/api/admin/projects/web-app/webhooks', { token: await tokenOf() });
  return (body as readonly { readonly secret: string }[])[0]?.secret ?? '';
}

/** Fulfils when nothing waits any more. */
function told(server: TestServer): Promise<void> {
  return until(async () => {
    const { body } = await server.ask('/api/admin/projects/web-app/webhooks', { token: await tokenOf() });
    return (body as readonly { readonly queued: number }[]).every(({ queued }) => queued === 0);
  });
}

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

test('a receiver that fails is told again, with the same id and body, until it answers 2xx', async () => {
  const receiver = await startReceiver((count) => [500, 302][count] ?? 200);
  const server = await serveFiles(filesFor([`url: '${receiver.url}'`]), rulesFor(receiver));
  await baseline(server);
  await server.repository.commit({ [FLAG]: ON });
  await receiver.has(3);
  await told(server);
  await server.close();
  await receiver.close();
  const { received } = receiver;
  assert.is(received.length, 3);
  assert.equal(new Set(received.map(({ path }) => path)), new Set(['/hook']), 'redirects are not followed');
  assert.is(new Set(received.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.is(new Set(received.map(({ text }) => text)).size, 1);
});

test('a message that nobody takes is given up after the last attempt, and the log says so without the path', async () => {
  const receiver = await startReceiver(() => 503);
  const server = await serveFiles(filesFor([`url: '${receiver.url}/token-4711'`]), rulesFor(receiver));
  await baseline(server);
  const commit = await server.repository.commit({ [FLAG]: ON });
  await receiver.has(3);
  await told(server);
  const { text: metrics } = await server.ask('/metrics');
  await server.close();
  await receiver.close();
  assert.is(receiver.received.length, 3);
  const counts = metrics.split('\n').filter((line) => line.startsWith('flagstaff_webhook_'));
  assert.equal(counts, [
    'flagstaff_webhook_queue 0',
    'flagstaff_webhook_deliveries_total 0',
    'flagstaff_webhook_failures_total 3',
    'flagstaff_webhook_given_up_total 1',
  ]);
  const lines = server.log.filter((line) => line.includes('webhook'));
  const place = `webhook of acme/web-app to http://${receiver.host}`;
  assert.equal(lines, [
    `${place}: answered 503; commit ${commit} is told again later`,
    `${place}: commit ${commit} is not told any more, after 3 attempts: answered 503`,
  ]);
});

test('410 is the end of a webhook until the file names it anew', async () => {
  const receiver = await startReceiver((count) => (count === 0 ? 410 : 204));
  const files = filesFor([`url: '${receiver.url}'`]);
  const server = await serveFiles(files, rulesFor(receiver));
  const [project, path] = [files['flags/acme/web-app/project.yaml'] ?? '', 'flags/acme/web-app/project.yaml'];
  await baseline(server);
  await server.repository.commit({ [FLAG]: ON });
  await receiver.has(1);
  await until(async () => !(await isOn(server)));
  await server.repository.commit({ [FLAG]: OFF });
  await server.repository.commit({ [path]: 'environments: [development, production]\n' });
  await until(() => !noteOf(server).includes('disabled":{"'));
  await server.repository.commit({ [path]: project });
  await serves(server);
  await until(() => isOn(server));
  const last = await server.repository.commit({ [FLAG]: ON });
  await receiver.has(3);
  await server.close();
  await receiver.close();
  const told = receiver.received.map(({ message }) => message.data.sentences);
  const added = `webhook ${receiver.url} added`;
  assert.equal(told, [['production: enabled'], [added], ['production: enabled']]);
  assert.is(receiver.received.at(-1)?.message.data.commit, last);
});

async function isOn(server: TestServer): Promise<boolean> {
  const { body } = await server.ask('/api/admin/projects/web-app/webhooks', { token: await tokenOf() });
  return (body as readonly { readonly isOn: boolean }[])[0]?.isOn ?? false;
}

test('a restart tells what came meanwhile, and nothing twice', async () => {
  const receiver = await startReceiver();
  const first = await serveFiles(filesFor([`url: '${receiver.url}'`]), rulesFor(receiver));
  await baseline(first);
  const commits = [await first.repository.commit({ [FLAG]: ON })];
  await receiver.has(1);
  await told(first);
  await first.close();
  commits.push(await first.repository.commit({ [FLAG]: OFF }));
  commits.push(await first.repository.commit({ [FLAG]: ON }));
  const second = await serveRepository(repositoryAt(first.repository.dir), rulesFor(receiver));
  await receiver.has(3);
  await told(second);
  await second.close();
  await receiver.close();
  assert.equal(
    receiver.received.map(({ message }) => message.data.commit),
    commits,
  );
});

test('what a receiver did not take before a restart is told after it', async () => {
  const receiver = await startReceiver((count) => (count === 0 ? 'hang' : 204));
  const first = await serveFiles(filesFor([`url: '${receiver.url}'`]), rulesFor(receiver));
  await baseline(first);
  const commit = await first.repository.commit({ [FLAG]: ON });
  await receiver.has(1);
  await first.close();
  const second = await serveRepository(first.repository, rulesFor(receiver));
  await receiver.has(2);
  await told(second);
  await second.close();
  await receiver.close();
  assert.equal(
    receiver.received.map(({ message }) => message.data.commit),
    [commit, commit],
  );
  assert.is(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1);
});

test('replicas with one secret send copies of one message: the same id, body and secret', async () => {
  const receiver = await startReceiver();
  const rules = rulesFor(receiver, { secret: 'one secret for all replicas' });
  const one = await serveFiles(filesFor([`url: '${receiver.url}'`]), rules);
  const clone = repositoryAt(temporaryFolder());
  await clone.git('clone', '--quiet', one.repository.dir, '.');
  const other = await serveRepository(clone, rules);
  await other.running.ready;
  await baseline(one);
  await baseline(other);
  await one.repository.commit({ [FLAG]: ON });
  await clone.git('pull', '--quiet', '--ff-only');
  await receiver.has(2);
  const secrets = [await secretAt(one), await secretAt(other)];
  await one.close();
  await other.close();
  await receiver.close();
  const [first, second] = receiver.received;
  assert.is(first?.text, second?.text);
  assert.is(first?.headers['webhook-id'], second?.headers['webhook-id']);
  assert.is(secrets[0], secrets[1]);
});

test('http and private addresses get nothing where nobody allows them, and off tells nobody', async () => {
  const receiver = await startReceiver();
  const files = filesFor([
    `url: '${receiver.url}'`,
    `url: 'https://${receiver.host}/'`,
    `url: 'https://localhost:${receiver.host.split(':')[1]}/'`,
  ]);
  const closed = await serveFiles(files, { webhooks: { isOn: true, allow: [], schedule: [0] } });
  await baseline(closed);
  await closed.repository.commit({ [FLAG]: ON });
  await until(() => closed.log.filter((line) => line.includes('not told any more')).length === 3);
  await closed.close();
  const off = await serveFiles(filesFor([`url: '${receiver.url}'`]), rulesFor(receiver, { isOn: false }));
  await off.repository.commit({ [FLAG]: ON });
  await serves(off);
  await off.close();
  await receiver.close();
  const reasons = closed.log.flatMap((line) => /attempts: (.*)/.exec(line)?.[1] ?? []).sort();
  assert.equal(reasons, [
    'http is sent to none that is not allowed',
    'the address is not a public one',
    'the name stands for an address that is not a public one',
  ]);
  assert.equal(receiver.received, []);
});

/** Fulfils when the server serves the head of its repository. */
function serves(server: TestServer): Promise<void> {
  return until(async () => {
    const { headers } = await server.ask('/api/v1/feature-flags?org_id=acme');
    return headers['flagstaff-revision'] === (await server.repository.head());
  });
}

/** Fulfils when the server has noted from where on it tells. */
async function baseline(server: TestServer): Promise<void> {
  await until(() => existsSync(notePath(server)));
}

function noteOf(server: TestServer): string {
  return readFileSync(notePath(server), 'utf8');
}

function notePath(server: TestServer): string {
  return `${server.repository.dir}/.git/flagstaff/webhooks/note.json`;
}

test.run();
