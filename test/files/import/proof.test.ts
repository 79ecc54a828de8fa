import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { flagdProof } from '../../support/import/flagd.js';
import { fliptProof } from '../../support/import/flipt.js';
import { launchDarklyProof } from '../../support/import/launchdarkly.js';
import { type Proof, type ProofResult, proveImport } from '../../support/import/proof.js';
import { unleashProof } from '../../support/import/unleash.js';

const COUNT = 3000;

/** The proof's own worth: many flags are carried, with many answers, and none of those is another one. */
function judge({ asked, carried, found, answers, differences }: ProofResult): void {
  assert.equal(differences, []);
  assert.ok(asked >= COUNT);
  assert.ok(carried > found / 2, `${carried} of ${found}`);
  assert.ok(answers.size >= 10, [...answers.keys()].join(' '));
  assert.ok((answers.get('undefined') ?? 0) > 0);
}

function proves<Caller>(title: string, proof: Proof<Caller>): void {
  test(title, async () => judge(await proveImport(proof, { count: COUNT, seed: 3 })));
}

proves("imported definitions of flagd answer as flagd's own core does (npm run test:import)", flagdProof);
proves(
  "imported features of Unleash answer as Unleash's own client does (npm run test:import)",
  unleashProof,
);
proves(
  "imported flags of LaunchDarkly answer as LaunchDarkly's own SDK does (npm run test:import)",
  launchDarklyProof,
);
proves('imported documents of Flipt answer as the engine of Flipt does (npm run test:import)', fliptProof);

test.run();
