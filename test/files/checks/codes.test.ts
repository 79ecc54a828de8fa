import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ALL_CODES, describeCode, TOLD_CODES } from '../../../src/files/checks/codes.js';
import { levelOf, withLevels } from '../../../src/files/checks/levels.js';

const SCHEMA = JSON.parse(readFileSync('schemas/flagstaff.json', 'utf8'));

test('every code says what it means and what to do about it, in sentences', () => {
  for (const code of TOLD_CODES) {
    const { summary, fix } = describeCode(code);
    assert.match(summary, /^[A-Z].*\.$/, code);
    assert.match(fix, /^[A-Z].*\.$/, code);
  }
  assert.is(new Set(TOLD_CODES).size, TOLD_CODES.length);
});

test('the settings know exactly the codes that have a level, and tell their defaults', () => {
  const settable = ALL_CODES.filter((code) => describeCode(code).isSettable);
  const { properties } = SCHEMA.definitions.CheckLevels;
  assert.equal(Object.keys(properties).sort(), [...settable].sort());
  for (const code of settable) {
    assert.match(properties[code].description, `\`${describeCode(code).level}\` where it is left out`);
  }
});

test('what makes a file unservable is an error, whatever the settings say', () => {
  assert.is(levelOf({ checks: { EXPIRED: 'off' } }, 'CYCLE'), 'error');
  assert.is(describeCode('CYCLE').isSettable, false);
  const cycle = { code: 'CYCLE', severity: 'error' } as const;
  assert.equal(withLevels({ checks: { EXPIRED: 'off' } }, [cycle]), [cycle]);
});

test('a level raises a check, lowers it or leaves it out; without one it has its default', () => {
  const told = [
    { code: 'EXPIRED', severity: 'warning' },
    { code: 'UNUSED_SEGMENT', severity: 'warning' },
    { code: 'OWNER_REQUIRED', severity: 'warning' },
    { code: 'UNTESTED', severity: 'warning' },
    { code: 'UNKNOWN_ENVIRONMENT', severity: 'warning' },
  ] as const;
  assert.equal(withLevels({ checks: { EXPIRED: 'error', UNUSED_SEGMENT: 'off' } }, told), [
    { code: 'EXPIRED', severity: 'error' },
    { code: 'OWNER_REQUIRED', severity: 'error' },
    { code: 'UNKNOWN_ENVIRONMENT', severity: 'warning' },
  ]);
});

test.run();
