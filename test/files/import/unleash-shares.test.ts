import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seeded } from '../../../scripts/random.js';
import { readUnleash } from '../../../src/files/import/unleash/unleash.js';
import { PARTIAL, randomSubject, unleashProof, unleashSubject } from '../../support/import/unleash.js';
import { countShares, differingShares } from '../../support/import/unleash-shares.js';

const PEOPLE = 1500;
const CALLER = { fields: {}, properties: { country: 'DE' } };

function rollout(percentage: number, more: object = {}): object {
  const parameters = { rollout: String(percentage), stickiness: 'userId', groupId: 'a', ...more };
  return { name: 'flexibleRollout', parameters, variants: [] };
}

function subjectOf(features: readonly object[]): ReturnType<typeof unleashSubject> {
  const whole = features.map((feature) => ({ enabled: true, variants: [], dependencies: [], ...feature }));
  return unleashSubject(whole as never, [], false);
}

function leftOut(features: readonly object[]): readonly string[] {
  const { texts } = subjectOf(features);
  const { notCarried } = readUnleash({ texts, targets: { of: () => ['production'] } });
  return notCarried.filter(({ effect }) => effect === 'left out').map(({ construct }) => construct);
}

test('random rollouts and variants of Unleash keep their shares, alone and of those who have several features', () => {
  for (let round = 0; round < 8; round += 1) {
    const random = seeded(7000 + round);
    const subject = randomSubject(random, PARTIAL);
    const caller = unleashProof.caller(random);
    assert.equal(differingShares(countShares(subject, { caller, people: PEOPLE }), PEOPLE), []);
  }
});

const constraints = [{ contextName: 'country', operator: 'IN', values: ['DE'] }];

for (const [title, features, on] of [
  ['two of one half each', [{ name: 'a', strategies: [rollout(50), rollout(50)] }], { a: 50 }],
  [
    'a smaller one before a larger',
    [{ name: 'a', strategies: [{ ...rollout(20), constraints }, rollout(60), rollout(40)] }],
    { a: 60 },
  ],
  [
    'of groups of their own',
    [{ name: 'a', strategies: [rollout(50), rollout(50, { groupId: 'b' })] }],
    { a: 75 },
  ],
  [
    'of several features',
    [
      { name: 'a', strategies: [rollout(50)] },
      { name: 'b', strategies: [rollout(80)], dependencies: [{ feature: 'a' }] },
    ],
    { a: 50, b: 50 },
  ],
] as const) {
  test(`rollouts of one groupId stay within each other: ${title}`, () => {
    const counts = countShares(subjectOf(features), { caller: CALLER, people: PEOPLE });
    assert.equal(differingShares(counts, PEOPLE), []);
    for (const [key, share] of Object.entries(on)) {
      const here = (counts.ours.get(`${key} true`) ?? 0) / PEOPLE;
      assert.ok(Math.abs(here - share / 100) < 0.06, `${key}: ${here}`);
    }
  });
}

test('rollouts of one groupId that are not within each other here leave the feature out', () => {
  const variants = [{ name: 'blue', weight: 1000, stickiness: 'userId' }];
  const first = { ...rollout(50), variants };
  assert.equal(leftOut([{ name: 'a', strategies: [first, rollout(60)] }]), ['groupId']);
  const strategies = [rollout(50), rollout(60), rollout(70, { groupId: 'b' })];
  assert.equal(leftOut([{ name: 'a', strategies }]), ['groupId']);
  const mixed = [rollout(50), rollout(60, { stickiness: 'default' })];
  assert.equal(leftOut([{ name: 'a', strategies: mixed }]), ['stickiness']);
});

test('variants that go to the same people as those of a feature they need leave the feature out', () => {
  const two = [
    { name: 'blue', weight: 500, stickiness: 'userId' },
    { name: 'red', weight: 500, stickiness: 'userId' },
  ];
  const strategies = [{ ...rollout(100), variants: two }];
  const dependencies = [{ feature: 'a', variants: ['blue'] }];
  const first = { name: 'a', strategies };
  assert.equal(leftOut([first, { name: 'b', strategies, dependencies }]), ['groupId']);
  const both = [...dependencies, { feature: 'b', variants: ['red'] }];
  const second = { name: 'b', strategies };
  assert.equal(leftOut([first, second, { name: 'c', strategies: [], dependencies: both }]), ['groupId']);
});

test('only the rollout of a strategy before the last must place people as its variants do', () => {
  const variants = [
    { name: 'blue', weight: 500, stickiness: 'sessionId' },
    { name: 'red', weight: 500, overrides: [{ contextName: 'country', values: ['FR'] }] },
  ];
  assert.equal(leftOut([{ name: 'a', strategies: [{ ...rollout(50), variants }] }]), []);
  assert.equal(leftOut([{ name: 'a', strategies: [{ ...rollout(50), variants }, rollout(100)] }]), [
    'overrides',
  ]);
});

test('a rollout beyond all or none is one of all or none', () => {
  for (const [share, on] of [
    [150, PEOPLE],
    [-1, 0],
  ] as const) {
    const subject = subjectOf([{ name: 'a', strategies: [rollout(share)] }]);
    const { theirs, ours } = countShares(subject, { caller: CALLER, people: PEOPLE });
    assert.equal([theirs.get('a true') ?? 0, ours.get('a true') ?? 0], [on, on]);
  }
});

test('whom Unleash places by a sessionId is noted where nobody is placed by it here', () => {
  const strategies = [rollout(50, { stickiness: 'default' })];
  const { texts } = subjectOf([{ name: 'a', strategies }]);
  const { notCarried } = readUnleash({ texts, targets: { of: () => ['production'] } });
  const assumed = notCarried.filter(({ effect }) => effect === 'assumed').map(({ reason }) => reason);
  assert.equal(assumed.length, 1);
  assert.match(assumed[0] ?? '', /sessionId, or at random, and here they are not placed$/);
});

test.run();
