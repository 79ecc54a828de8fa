import fc from 'fast-check';
import { test } from 'uvu';
import { proveSince, randomChange } from '../../support/since-proof.js';

/** `npm run test:since` tries more. */
const RUNS = 150;
const SEED = 20_261_122;

test('what is new since a version is what a full look at both tells as new, whatever changed', async () => {
  await fc.assert(fc.asyncProperty(randomChange, proveSince), { numRuns: RUNS, seed: SEED });
});

test.run();
