import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import {
  type EvaluationContext,
  type JsonValue,
  OpenFeature,
  type Provider,
  type ResolutionDetails,
} from '@openfeature/server-sdk';
import {
  ProviderEvents,
  OpenFeature as WebOpenFeature,
  type Provider as WebProvider,
} from '@openfeature/web-sdk';
import { handleEvaluationError, OFREPApi, toResolutionDetails } from 'ofrep-core-v2';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serveFiles, type TestServer, tokenOf } from '../support/http.js';
import { FILES } from './sample.js';

const test = suite('clients');
let server: TestServer;

test.before(async () => {
  server = await serveFiles(FILES);
});
test.after(async () => {
  await OpenFeature.close();
  await WebOpenFeature.close();
  await server.close();
});

/** The smallest provider on the protocol's own client. */
class SmallProvider implements Provider {
  readonly metadata = { name: 'small' };
  readonly runsOn = 'server';
  readonly #api: OFREPApi;

  constructor(baseUrl: string) {
    this.#api = new OFREPApi({ baseUrl });
  }

  resolveBooleanEvaluation = this.#resolve<boolean>;
  resolveStringEvaluation = this.#resolve<string>;
  resolveNumberEvaluation = this.#resolve<number>;
  resolveObjectEvaluation = this.#resolve as Provider['resolveObjectEvaluation'];

  async #resolve<Value extends JsonValue>(
    key: string,
    fallback: Value,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<Value>> {
    const { value } = await this.#api.postEvaluateFlag(key, { context });
    return 'errorCode' in value
      ? handleEvaluationError(value, fallback)
      : toResolutionDetails(value, fallback);
  }
}

for (const [name, provider] of [
  ['ofrep-core 2.3', (url: string) => new SmallProvider(url)],
  ['ofrep-provider 0.1.3, the oldest', (url: string) => new OFREPProvider({ baseUrl: url }) as Provider],
] as const) {
  test(`@openfeature/server-sdk with ${name}: values, reasons, metadata and unknown flags`, async () => {
    await OpenFeature.setProviderAndWait(provider(server.url));
    const client = OpenFeature.getClient();
    const german = await client.getBooleanDetails('dark-mode', false, { targetingKey: 'u-1', country: 'DE' });
    assert.is(german.value, true);
    assert.is(german.reason, 'TARGETING_MATCH');
    assert.is(german.variant, 'on');
    assert.is(german.flagMetadata.ticket, 'PAY-123');
    assert.is(german.flagMetadata.rule, 'germans');
    assert.is(german.flagMetadata.revision, await server.repository.head());
    assert.is(await client.getBooleanValue('dark-mode', true), false);
    assert.is(await client.getNumberValue('limit', 1), 20);
    const unknown = await client.getBooleanDetails('nobody', true);
    assert.is(unknown.value, true);
    assert.is(unknown.errorCode, 'FLAG_NOT_FOUND');
    const mismatch = await client.getStringDetails('limit', 'text');
    assert.is(mismatch.errorCode, 'TYPE_MISMATCH');
  });
}

test('with ofrep-core 2.3 a flag without a value gives the caller its own default (DESIGN 4)', async () => {
  await OpenFeature.setProviderAndWait(new SmallProvider(server.url));
  const { value, reason, errorCode } = await OpenFeature.getClient().getBooleanDetails('no-value', true);
  assert.is(value, true);
  assert.is(reason, 'STATIC');
  assert.is(errorCode, undefined);
});

test('a server client reads another environment by its base path (DESIGN 7)', async () => {
  await OpenFeature.setProviderAndWait(
    new SmallProvider(`${server.url}/orgs/acme/projects/web-app/environments/development`),
  );
  assert.is(await OpenFeature.getClient().getBooleanValue('dark-mode', false), true);
});

test('@openfeature/web-sdk polls with the ETag: 304 until a commit changes the answer, then the change', async () => {
  const statuses: number[] = [];
  const watched = { poll: undefined as (() => void) | undefined };
  const polled = () =>
    new Promise<void>((resolve) => {
      watched.poll = resolve;
    });
  const provider = new OFREPWebProvider({
    baseUrl: server.url,
    pollInterval: 20,
    cacheMode: 'disabled',
    fetchImplementation: async (input: string | URL | Request, init?: RequestInit) => {
      const response = await fetch(input, init);
      statuses.push(response.status);
      if (response.status === 304) watched.poll?.();
      return response;
    },
  });
  await WebOpenFeature.setContext({ targetingKey: 'u-1', country: 'DE' });
  // The package's types and ours differ in how strict they are about properties that are undefined.
  await WebOpenFeature.setProviderAndWait(provider as WebProvider);
  const client = WebOpenFeature.getClient();
  const details = client.getBooleanDetails('dark-mode', false);
  assert.is(details.value, true);
  assert.is(details.flagMetadata.rule, 'germans');
  assert.is(client.getNumberValue('limit', 1), 20);
  assert.is(client.getBooleanValue('no-value', true), true);
  assert.is(client.getBooleanDetails('nobody', true).errorCode, 'FLAG_NOT_FOUND');
  await polled();
  assert.equal(statuses.slice(0, 2), [200, 304]);
  const changed = new Promise<readonly string[]>((resolve) => {
    client.addHandler(ProviderEvents.ConfigurationChanged, (event) => resolve(event?.flagsChanged ?? []));
  });
  const { status } = await server.ask('/api/v1/feature-flags/shared?org_id=acme', {
    method: 'PUT',
    token: await tokenOf(),
    body: { is_enabled: true },
  });
  assert.is(status, 200);
  assert.equal(await changed, ['shared']);
  assert.is(client.getBooleanValue('shared', false), true);
});

test('@openfeature/web-sdk asks again when its context changes', async () => {
  await WebOpenFeature.setContext({ targetingKey: 'u-2', country: 'FR' });
  assert.is(WebOpenFeature.getClient().getBooleanValue('dark-mode', true), false);
});

test.run();
