import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { proveSince, randomChange } from '../test/support/since-proof.js';

/** `npm run test:since -- --count 10000 --seed 1`: what `--since` tells, beside a full look at both versions. */
const { values } = parseArgs({
  options: { count: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const [numRuns, seed] = [Number(values.count), Number(values.seed)];
await fc.assert(fc.asyncProperty(randomChange, proveSince), { numRuns, seed });
console.log(`${numRuns} changes from seed ${seed}: what is new is told as new, and nothing else`);
