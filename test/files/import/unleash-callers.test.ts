import { isDeepStrictEqual } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pick, seeded } from '../../../scripts/random.js';
import { compileNow } from '../../../src/evaluation/compile.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import type { Imported } from '../../../src/files/import/imported.js';
import { readUnleash } from '../../../src/files/import/unleash/unleash.js';
import type { JsonValue } from '../../../src/model/values.js';
import { projectOf } from '../../support/import/proof.js';
import {
  PARTIAL,
  randomSubject,
  type UnleashCaller,
  unleashContext,
  unleashProof,
  unleashSubject,
} from '../../support/import/unleash.js';

const TARGETS = { of: () => ['production'] };
const ODD: readonly JsonValue[] = [
  ['DE'],
  ['DE', 'FR'],
  ['u-1'],
  [18],
  [],
  18,
  0,
  true,
  '::ffff:10.1.2.3',
  '18',
];

/** A caller of whom one thing is as nobody expects, or who has only a sessionId. */
function oddCaller(random: () => number): {
  readonly caller: UnleashCaller;
  readonly odd: readonly string[];
} {
  const { fields, properties } = unleashProof.caller(random);
  if (random() < 0.2)
    return { caller: { fields: { sessionId: 's-7' }, properties }, odd: ['sessionId', 'targetingKey'] };
  const value = pick(random, ODD);
  const name = pick(random, ['userId', 'remoteAddress', 'country', 'email', 'version', 'companyId', 'age']);
  const caller =
    name === 'userId' || name === 'remoteAddress'
      ? { fields: { ...fields, [name]: value }, properties }
      : { fields, properties: { ...properties, [name]: value } };
  return { caller, odd: [name, 'hash'] };
}

/** A rollout by a hash places other people, of whom shares are compared elsewhere; but nobody without the attribute. */
function isNoted({ notCarried }: Imported, key: string, names: readonly string[]): boolean {
  return notCarried.some(
    ({ flag, effect, reason }) =>
      (effect === 'assumed' || effect === 'moved') &&
      (flag === undefined || key === flag || key === `${flag}-variant`) &&
      reason.split(/[ ,:]/).some((word) => names.includes(word)),
  );
}

test('callers with lists, numbers or only a sessionId get what Unleash gives them, or the report says of whom it is not so', () => {
  let asked = 0;
  for (let round = 0; round < 60; round += 1) {
    const random = seeded(9000 + round);
    const subject = randomSubject(random, PARTIAL);
    const imported = readUnleash({ texts: subject.texts, targets: TARGETS });
    const environment = compileNow(projectOf(imported)).environments.get('production');
    if (environment === undefined) throw new Error('no production');
    // The others depend on these, so that notes of these count for them.
    const keys = environment.sorted.map(({ key }) => key).filter((key) => /^[ab](-variant)?$/.test(key));
    for (let number = 0; number < 20; number += 1) {
      const { caller, odd } = oddCaller(random);
      for (const key of keys) {
        if (isNoted(imported, key, odd)) continue;
        asked += 1;
        const answer = evaluate(environment, key, unleashContext(caller), 0);
        const ours = answer.kind === 'value' ? answer.value : undefined;
        const theirs = subject.ask(key, caller);
        if (isDeepStrictEqual(theirs, ours)) continue;
        assert.unreachable(`${JSON.stringify({ key, caller, theirs, ours })}: ${subject.describe(key)}`);
      }
    }
  }
  assert.ok(asked > 1000, String(asked));
});

test('a strategy or constraint that is read otherwise here leaves the feature out', () => {
  for (const [strategy, construct] of [
    [{ constraints: [{ contextName: 'ip', operator: 'IN_CIDR', values: ['10.0.0.0/08'] }] }, 'network'],
    [{ constraints: [{ contextName: 'ip', operator: 'IN_CIDR', values: ['::/0'] }] }, 'network'],
    [{ constraints: [{ contextName: 'age', operator: 'NUM_LT', value: 'Infinity' }] }, 'NUM_LT'],
    [{ constraints: [{ operator: 'IN', values: ['undefined'] }] }, 'IN'],
    [{ constraints: [{ contextName: 'age', operator: 'IN', values: [18] }] }, 'IN'],
    [{ constraints: [{ contextName: 'age', operator: 'IN' }] }, 'IN'],
  ] as const) {
    assert.equal(constructs({ strategies: [{ name: 'default', ...strategy }] }), [`left out: ${construct}`]);
  }
  const variants = [{ name: 'blue', weight: 1, overrides: [{ values: ['DE'] }] }];
  assert.equal(constructs({ strategies: [], variants }), ['left out: overrides']);
  assert.equal(constructs({ strategies: [], variants: [{ name: 'blue' }] }), ['left out: variants']);
});

test("what Unleash's clients fill in themselves is noted", () => {
  for (const contextName of ['appName', 'environment']) {
    const constraints = [{ contextName, operator: 'NOT_IN', values: ['web'] }];
    const noted = constructs({ strategies: [{ name: 'default', constraints }] });
    assert.equal(noted, [`assumed: ${contextName}`, 'assumed: NOT_IN']);
  }
});

test('strategies that name people or addresses say what callers are assumed to have', () => {
  for (const [name, parameters] of [
    ['userWithId', { userIds: 'u-1' }],
    ['remoteAddress', { IPs: '10.0.0.0/8' }],
  ] as const) {
    assert.equal(constructs({ strategies: [{ name, parameters }] }), [`assumed: ${name}`]);
  }
});

function constructs(fields: object): readonly string[] {
  const feature = { name: 'a', enabled: true, strategies: [], variants: [], dependencies: [], ...fields };
  const { texts } = unleashSubject([feature], [], false);
  return readUnleash({ texts, targets: TARGETS }).notCarried.map(
    ({ effect, construct }) => `${effect}: ${construct}`,
  );
}

test.run();
