import { proveFlagd } from '../test/support/flagd-proof.js';
import { readNumbers } from './numbers.js';

/**
 * `npm run test:flagd [-- --count 100000 --seed 1]`: asks flagd's own core what our definitions say, and our evaluator,
 * the same random questions. Ends with 1 where one is answered otherwise.
 */
function main(): void {
  const { asked, flags, expressed, answers, differences } = proveFlagd(
    readNumbers('test:flagd', { count: 100_000, seed: 1 }),
  );
  for (const difference of differences) console.log(`DIFFERENT ${difference}`);
  const counts = [...answers].map(([answer, count]) => `${count} ${answer}`).join(', ');
  console.log(
    `${asked} questions to ${expressed} of ${flags} flags (the others are refused by name): ${counts}; ` +
      `${differences.length === 0 ? 'no answer is another one' : 'answers differ'}`,
  );
  process.exitCode = differences.length > 0 || asked === 0 ? 1 : 0;
}

if (process.argv[1] === import.meta.filename) main();
