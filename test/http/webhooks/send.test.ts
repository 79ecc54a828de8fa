import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Sending, send } from '../../../src/http/webhooks/send.js';
import { type Receiver, startReceiver } from './receiver.js';

const test = suite('sending a message');

function sending({ url, host }: Pick<Receiver, 'url' | 'host'>): Sending {
  return { url, headers: {}, body: '{}', allowed: new Set([host]), signal: new AbortController().signal };
}

test('a receiver that says nothing within the time limit is given up', async () => {
  const receiver = await startReceiver(() => 'hang');
  const sent = await send({ ...sending(receiver), timeLimitMs: 50 });
  await receiver.close();
  assert.equal(sent, { kind: 'failed', reason: 'took too long' });
});

test('what the text of an address forbids is forbidden for good, and what its name stands for may change', async () => {
  const nobody = { ...sending({ url: '', host: '' }), allowed: new Set<string>() };
  assert.equal(await send({ ...nobody, url: 'https://127.0.0.1/' }), {
    kind: 'forbidden',
    reason: 'the address is not a public one',
  });
  assert.equal(await send({ ...nobody, url: 'https://localhost/' }), {
    kind: 'failed',
    reason: 'the name stands for an address that is not a public one',
  });
});

test.run();
