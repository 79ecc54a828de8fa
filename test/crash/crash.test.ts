import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { failEverywhere } from '../../scripts/crash/failing.js';
import { writeOnFullDisk } from '../../scripts/crash/full-disk.js';
import { killEverywhere, killOften } from '../../scripts/crash/killing.js';
import { SCENARIOS } from '../../scripts/crash/scenario.js';

/** Here every so-manieth call and few kills; `npm run test:crash` tries them all. */
const FAIL_EVERY = 97;
const KILL_EVERY = 331;
const KILLS = 6;
const FULL = 4;

test('a write whose call to the file system fails leaves all or nothing, whichever call it is (P4)', async () => {
  for (const scenario of SCENARIOS) {
    const { tries, faults } = await failEverywhere(scenario, FAIL_EVERY);
    assert.equal(faults, []);
    assert.ok(tries > 0, scenario.name);
  }
});

test('a process that dies at a call to the file system leaves what a restart heals, whichever call it is (P4)', async () => {
  for (const scenario of SCENARIOS) {
    const { tries, faults } = await killEverywhere(scenario, KILL_EVERY);
    assert.equal(faults, []);
    assert.ok(tries > 0, scenario.name);
  }
});

test('kill -9 at any moment: afterwards all is sound, nothing acknowledged is lost, and writing goes on (P3)', async () => {
  const { tries, acknowledged, faults } = await killOften({ count: KILLS, seed: 1 });
  assert.equal(faults, []);
  assert.is(tries, KILLS);
  assert.ok(acknowledged > 0);
});

test('on a file system that is really full writes are 507, nothing is torn, and it goes on with room (P5)', async () => {
  const filled = await writeOnFullDisk(FULL);
  // Where none can be mounted, a disk that says so stands for it, above and in the tests of the writer.
  if (filled === undefined) return;
  assert.equal(filled.faults, []);
  assert.ok(filled.acknowledged >= FULL);
});

test.run();
