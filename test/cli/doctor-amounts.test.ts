import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ageText, sizeText } from '../../src/cli/doctor/amounts.js';

const test = suite('cli/doctor/amounts');

test('an age is told in the unit of which there are two or more', () => {
  const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000] as const;
  const ages = [-5, second, 119 * second, 2 * minute, 119 * minute, 2 * hour, 47 * hour, 2 * day, 400 * day];
  assert.equal(ages.map(ageText), [
    '0 seconds',
    '1 second',
    '119 seconds',
    '2 minutes',
    '119 minutes',
    '2 hours',
    '47 hours',
    '2 days',
    '400 days',
  ]);
});

test('a size is told as disks are sold', () => {
  assert.equal([0, 999, 1_000, 9_949, 12_345, 420_000_000, 3_200_000_000_000_000].map(sizeText), [
    '0 bytes',
    '999 bytes',
    '1.0 KB',
    '9.9 KB',
    '12 KB',
    '420 MB',
    '3200 TB',
  ]);
});

test.run();
