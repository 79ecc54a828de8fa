import fc from 'fast-check';
import { compare, type SemVer, valid } from 'semver';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { comparisonWith, parseVersion } from '../../src/evaluation/version.js';

const number = fc.oneof(fc.nat(12), fc.nat(), fc.constantFrom(0, 1, 2 ** 40, 2 ** 53 - 1));
const release = fc.array(number, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const suffix = fc.constantFrom('', '', '-rc.1', '-0', '+build', '-', '.', '.x', ' ');
const prefix = fc.constantFrom('', '', 'v', 'V', '0', ' ', '-');
const text = fc.tuple(prefix, release, suffix).map((parts) => parts.join(''));

test('the quick comparison says what semver says of the whole version', () => {
  fc.assert(
    fc.property(text, release, (given, wanted) => {
      const limit = parseVersion(wanted);
      if (limit === undefined) return;
      const expected = expectedOrder(given, limit);
      const order = comparisonWith(limit)(given);
      assert.is(order === undefined ? undefined : Math.sign(order) + 0, expected);
    }),
    { numRuns: 5000 },
  );
});

function expectedOrder(given: string, wanted: SemVer): number | undefined {
  const [, core = '', rest = ''] = /^[vV]?([\d.]*)(.*)$/s.exec(given) ?? [];
  const padded = [...core.split('.'), '0', '0'].slice(0, Math.max(3, core.split('.').length)).join('.');
  const whole = valid(padded + rest);
  return whole === null || (padded + rest).trim() !== padded + rest ? undefined : compare(whole, wanted);
}

test.run();
