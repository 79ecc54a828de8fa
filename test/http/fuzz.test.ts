import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fuzz } from '../../scripts/fuzz.js';

const test = suite('random requests');

test('no request of anybody stops the server, is answered with a 5xx or with what is not described, or leaves a fault in the repository (P3, P13, P14)', async () => {
  const rounds: number[] = [];
  const { statuses, commits, faults } = await fuzz({
    count: 500,
    seed: 3,
    onRound: (sent) => rounds.push(sent),
  });
  assert.equal(faults, []);
  assert.equal(rounds, [250, 500]);
  assert.ok(commits > 10, `${commits} commits`);
  for (const status of [200, 201, 400, 401, 403, 404, 405, 415, 421]) {
    assert.ok(statuses.has(status), `never ${status}`);
  }
});

test.run();
