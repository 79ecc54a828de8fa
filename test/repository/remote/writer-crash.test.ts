import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { failFollowing, killFollowing } from '../../../scripts/crash/follow-faults.js';
import { FOLLOW_SCENARIOS } from '../../../scripts/crash/follow-scenario.js';

/** Here every so-manieth call; `npm run test:crash` tries them all. */
const FAIL_EVERY = 127;
const KILL_EVERY = 211;

test('whichever call to the file system fails, clone and remote come together with each change once (P1, P4)', async () => {
  for (const scenario of FOLLOW_SCENARIOS) {
    const { tries, faults } = await failFollowing(scenario, FAIL_EVERY);
    assert.equal(faults, []);
    assert.ok(tries > 0, scenario.name);
  }
});

test('at whichever call the process dies, a restart brings both together with each change once (P1, P3)', async () => {
  for (const scenario of FOLLOW_SCENARIOS) {
    const { tries, faults } = await killFollowing(scenario, KILL_EVERY);
    assert.equal(faults, []);
    assert.ok(tries > 0, scenario.name);
  }
});

test.run();
