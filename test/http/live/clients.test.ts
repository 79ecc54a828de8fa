import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, ProviderEvents, type Provider as WebProvider } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newKey } from '../../../src/http/identity/new-key.js';
import { serveFiles, serveRepository, type TestServer } from '../../support/http.js';
import { until } from '../../support/until.js';
import { entryOf, KEYS, keysFile } from '../identity/sample.js';
import { FILES } from '../sample.js';

const test = suite<{ server: TestServer }>('clients of event streams');
const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const ON = 'client: true\nenvironments:\n  production: { enabled: true }\n';
const CLIENT = newKey('client');

test.before.each(async (place) => {
  place.server = await serveFiles({ ...FILES, [KEYS]: keysFile(entryOf(CLIENT, { id: 'key_1' })) });
});
test.after.each(({ server }) => server.close());

/** What an `EventSource` got, in order. */
interface Heard {
  readonly source: EventSource;
  readonly events: readonly (readonly [type: string, data: Readonly<Record<string, unknown>>])[];
}

function factsOf(event: Heard['events'][number] | undefined): Readonly<Record<string, unknown>> {
  return event?.[1] ?? {};
}

function listen(url: string): Heard {
  const source = new EventSource(url);
  const events: Heard['events'][number][] = [];
  for (const type of ['message', 'flag-updated', 'config-updated']) {
    source.addEventListener(type, ({ data }: MessageEvent) => events.push([type, JSON.parse(data)]));
  }
  return { source, events };
}

test('an EventSource hears what changed (004)', async ({ server }) => {
  const { source, events } = listen(`${server.url}/api/v1/flags/events`);
  await until(() => events.length === 1);
  await server.repository.commit({ [FLAG]: ON });
  await until(() => events.length === 2);
  assert.equal(
    events.map(([type]) => type),
    ['config-updated', 'flag-updated'],
  );
  assert.is(factsOf(events[1]).flagKey, 'dark-mode');
  source.close();
});

test('an EventSource that lost its server connects to the next one by itself, and hears what it missed', async ({
  server,
}) => {
  const { body } = await server.ask('/ofrep/v1/evaluate/flags', { body: {} });
  const [named] = (body as { readonly eventStreams: readonly { readonly url: string }[] }).eventStreams;
  const { source, events } = listen(named?.url ?? '');
  await until(() => events.length === 1);
  await server.close();
  const missed = await server.repository.commit({ [FLAG]: ON });
  const next = await serveRepository(server.repository, { port: Number(new URL(server.url).port) });
  await next.running.ready;
  await until(() => events.length === 2);
  assert.is(factsOf(events[1]).etag, missed);
  source.close();
  await next.close();
});

test('@openfeature/ofrep-web-provider with a client key evaluates again at once when a flag changes', async ({
  server,
}) => {
  Object.assign(globalThis, { EventSource });
  const provider = new OFREPWebProvider({
    baseUrl: server.url,
    headers: [['X-API-Key', CLIENT.key]],
    pollInterval: 0,
  });
  await OpenFeature.setContext({ targetingKey: 'u-1' });
  await OpenFeature.setProviderAndWait(provider as unknown as WebProvider);
  const client = OpenFeature.getClient();
  assert.is(client.getBooleanValue('dark-mode', true), false);
  let changes = 0;
  client.addHandler(ProviderEvents.ConfigurationChanged, () => {
    changes += 1;
  });
  await server.repository.commit({ [FLAG]: ON });
  await until(() => client.getBooleanValue('dark-mode', false));
  await until(() => changes === 1);
  await OpenFeature.close();
  Reflect.deleteProperty(globalThis, 'EventSource');
});

test.run();
