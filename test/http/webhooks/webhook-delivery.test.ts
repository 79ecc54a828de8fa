import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shownAddress } from '../../../src/model/webhook.js';
import { repositoryAt, temporaryFolder } from '../../support/git.js';
import { serveFiles, serveRepository } from '../../support/http.js';
import { until } from '../../support/until.js';
import { startReceiver } from './receiver.js';
import {
  baseline,
  FLAG,
  filesFor,
  isOn,
  noteOf,
  OFF,
  ON,
  rulesFor,
  secretAt,
  serves,
  told,
} from './webhook-server.js';

const test = suite('webhooks and receivers that fail');

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
  const added = `webhook ${shownAddress(receiver.url)} added`;
  assert.equal(told, [['production: enabled'], [added], ['production: enabled']]);
  assert.is(receiver.received.at(-1)?.message.data.commit, last);
});

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
  const reasons = closed.log.flatMap((line) => /not told any more, (.*)/.exec(line)?.[1] ?? []).sort();
  assert.equal(reasons, [
    'after 1 attempts: the name stands for an address that is not a public one',
    'because http is sent to none that is not allowed',
    'because the address is not a public one',
  ]);
  assert.equal(receiver.received, []);
});

test('what waits for an organization that is no more is forgotten', async () => {
  const receiver = await startReceiver(() => 500);
  const files = {
    ...filesFor([`url: '${receiver.url}'`]),
    'flags/globex/api/project.yaml': 'environments: [a]\n',
  };
  const rules = { isOn: true, allow: [receiver.host], schedule: Array(1_000).fill(100) };
  const server = await serveFiles(files, { webhooks: rules });
  await baseline(server);
  await server.repository.commit({ [FLAG]: ON });
  await receiver.has(1);
  await server.repository.git('rm', '-r', '--quiet', 'flags/acme');
  await server.repository.git('commit', '--quiet', '--message', 'Close acme');
  await until(async () => (await server.ask('/metrics')).text.includes('flagstaff_webhook_queue 0'));
  await server.close();
  await receiver.close();
});

test.run();
