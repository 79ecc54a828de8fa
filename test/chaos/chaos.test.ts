import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proveChaos } from '../../scripts/chaos.js';

test('requests, people, gc and kill -9 in one clone: nothing acknowledged is lost, nothing of anybody is swept in, no answer is a mixture (P1, P2, P6, P7, P8)', async () => {
  const { record, faults } = await proveChaos({ seconds: 7, seed: 1 });
  assert.equal(faults, []);
  assert.ok(record.acknowledged.length > 0, 'writes were acknowledged');
  assert.ok(record.people.length > 0, 'people committed');
  assert.ok(record.reads > 0, 'answers were compared');
  assert.ok(record.kills > 0, 'the server was killed');
});

test.run();
