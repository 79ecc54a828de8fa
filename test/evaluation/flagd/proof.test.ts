import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { proveFlagd } from '../../support/flagd-proof.js';

test("flagd's core answers our definitions as we do: value, variant, and the reason as far as it has one", () => {
  const { asked, flags, expressed, answers, differences } = proveFlagd({ count: 4_000, seed: 7 });
  assert.equal(differences, []);
  assert.ok(asked >= 4_000);
  assert.ok(expressed > flags / 2, `${expressed} of ${flags} flags are expressed`);
  for (const answer of ['on', 'off', 'blue', 'none']) {
    assert.ok((answers.get(answer) ?? 0) > asked / 20, `${answer}: ${answers.get(answer)}`);
  }
});

test.run();
