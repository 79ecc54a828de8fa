import { flagdProof } from '../test/support/import/flagd.js';
import { fliptProof } from '../test/support/import/flipt.js';
import { launchDarklyProof } from '../test/support/import/launchdarkly.js';
import { type Proof, type ProofResult, proveImport } from '../test/support/import/proof.js';
import { unleashProof } from '../test/support/import/unleash.js';
import { readNumbers } from './numbers.js';

/** One proof for each source that has an evaluator of its own; each has callers of another kind. */
const PROOFS: readonly (readonly [string, (sampling: Sampling) => Promise<ProofResult>])[] = [
  ['flagd', proving(flagdProof)],
  ['unleash', proving(unleashProof)],
  ['launchdarkly', proving(launchDarklyProof)],
  ['flipt', proving(fliptProof)],
];

interface Sampling {
  readonly count: number;
  readonly seed: number;
}

/**
 * `npm run test:import [-- --count 100000 --seed 1]`: imports random projects of each tool and asks the tool's own evaluator
 * and ours the same random questions. Ends with 1 where one is answered otherwise.
 */
async function main(): Promise<void> {
  const sampling = readNumbers('test:import', { count: 100_000, seed: 1 });
  for (const [name, prove] of PROOFS) {
    const result = await prove(sampling);
    for (const difference of result.differences) console.log(`DIFFERENT ${difference}`);
    console.log(summary(name, result));
    if (result.differences.length > 0 || result.asked === 0) process.exitCode = 1;
  }
}

function proving<Caller>(proof: Proof<Caller>): (sampling: Sampling) => Promise<ProofResult> {
  return (sampling) => proveImport(proof, sampling);
}

function summary(
  name: string,
  { asked, found, carried, leftOut, answers, differences }: ProofResult,
): string {
  const reasons = [...leftOut].map(([construct, count]) => `${construct} ${count}`).join(', ');
  const verdict = differences.length === 0 ? 'no answer is another one' : 'answers differ';
  return `${name}: ${asked} questions to ${carried} flags made of ${found} (left out: ${reasons || 'none'}), ${answers.size} answers: ${verdict}`;
}

if (process.argv[1] === import.meta.filename) await main();
