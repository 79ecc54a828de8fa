import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../../src/evaluation/compile.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import type { Imported, NotCarried } from '../../../src/files/import/imported.js';
import { readUnleash } from '../../../src/files/import/unleash/unleash.js';
import { projectOf } from '../../support/import/proof.js';
import { unleashSubject } from '../../support/import/unleash.js';

const TARGETS = { of: (theirs: string | undefined) => [theirs ?? 'production'] };

function read(file: object, ...more: readonly object[]): Imported {
  const texts = new Map([file, ...more].map((one, place) => [`${place}.json`, JSON.stringify(one)]));
  return readUnleash({ texts, targets: TARGETS });
}

function feature(fields: object): object {
  return { version: 2, features: [{ name: 'a', enabled: true, strategies: [], ...fields }] };
}

function effects({ notCarried }: Imported): readonly string[] {
  return notCarried.map(({ flag, effect, construct }: NotCarried) => `${flag}: ${effect}: ${construct}`);
}

test('a rollout of Unleash lets in the same share of people, and the report says that they are others', () => {
  const parameters = { rollout: '30', stickiness: 'userId', groupId: 'a' };
  const variants = [
    { name: 'blue', weight: 250, stickiness: 'userId' },
    { name: 'red', weight: 750, stickiness: 'userId' },
  ];
  const strategies = [{ name: 'flexibleRollout', parameters, variants }];
  const features = [{ name: 'a', enabled: true, strategies, variants: [], dependencies: [] }];
  const subject = unleashSubject(features, [], false);
  const imported = readUnleash({ texts: subject.texts, targets: TARGETS });
  const environment = compileNow(projectOf(imported)).environments.get('production');
  const counts = { theirs: { on: 0, blue: 0 }, ours: { on: 0, blue: 0 } };
  for (let number = 0; number < 10_000; number += 1) {
    const userId = `u-${number}`;
    const caller = { fields: { userId }, properties: {} };
    if (subject.ask('a', caller) === true) counts.theirs.on += 1;
    if (subject.ask('a-variant', caller) === 'blue') counts.theirs.blue += 1;
    if (environment === undefined) throw new Error('no production');
    const [toggle, variant] = ['a', 'a-variant'].map((key) => evaluate(environment, key, { userId }, 0));
    if (toggle?.kind === 'value' && toggle.value === true) counts.ours.on += 1;
    if (variant?.kind === 'value' && variant.value === 'blue') counts.ours.blue += 1;
  }
  for (const { on, blue } of Object.values(counts)) {
    assert.ok(Math.abs(on - 3000) < 150, JSON.stringify(counts));
    assert.ok(Math.abs(blue - 750) < 90, JSON.stringify(counts));
  }
  assert.equal(effects(imported), [
    'a: assumed: rollout',
    'a: moved: rollout',
    'a: moved: variants',
    'a: assumed: variants',
    'a: renamed: getVariant',
  ]);
});

test('what Unleash decides by code, the clock or lots leaves a feature out, with the reason', () => {
  const dated = { contextName: 'currentTime', operator: 'DATE_AFTER', value: '2026-01-01T00:00:00Z' };
  const lots = { rollout: '30', stickiness: 'random' };
  for (const [strategy, construct] of [
    [{ name: 'beta-office', parameters: {} }, 'custom strategy'],
    [{ name: 'applicationHostname', parameters: { hostNames: 'a' } }, 'applicationHostname'],
    [{ name: 'default', constraints: [dated] }, 'DATE_AFTER'],
    [{ name: 'flexibleRollout', parameters: lots }, 'random'],
    [{ name: 'default', segments: [7] }, 'segment'],
    [{ name: 'default', disabled: true }, 'disabled'],
  ] as const) {
    const imported = read(feature({ strategies: [strategy] }));
    assert.equal(effects(imported), [`a: left out: ${construct}`]);
    assert.equal(imported.files, []);
  }
});

test('an export names segments alone, so their constraints come from a file beside it', () => {
  const exported = {
    features: [{ name: 'a' }],
    featureStrategies: [{ name: 'default', featureName: 'a', segments: [7] }],
    featureEnvironments: [{ featureName: 'a', environment: 'production', enabled: true }],
    segments: [{ id: 7, name: 'Beta testers' }],
  };
  const constraints = [{ contextName: 'country', operator: 'IN', values: ['DE'] }];
  const { files } = read(exported, { segments: [{ id: 7, name: 'Beta testers', constraints }] });
  assert.equal(
    files.map(({ kind, key }) => `${kind} ${key}`),
    ['segment beta-testers', 'flag a'],
  );
});

test('an export of several environments has a state in each', () => {
  const { files } = read({
    features: [{ name: 'a', description: 'The first', stale: true }],
    featureTags: [{ featureName: 'a', tagType: 'simple', tagValue: 'web' }],
    featureStrategies: [
      {
        strategyName: 'userWithId',
        featureName: 'a',
        environment: 'production',
        parameters: { userIds: 'u-1' },
      },
    ],
    featureEnvironments: [
      { featureName: 'a', environment: 'development', enabled: true },
      { featureName: 'a', environment: 'production', enabled: false },
    ],
  });
  assert.equal(
    files.map(({ value }) => value),
    [
      {
        description: 'The first',
        status: 'deprecated',
        tags: ['web'],
        environments: {
          development: { enabled: true },
          production: {
            enabled: false,
            rules: [{ id: 'user-with-id', when: [{ attribute: 'userId', in: ['u-1'] }] }],
            serve: 'off',
          },
        },
      },
    ],
  );
});

test('a feature that needs one that is left out is left out too', () => {
  const features = [
    { name: 'a', enabled: true, strategies: [{ name: 'mine' }] },
    { name: 'b', enabled: true, strategies: [], dependencies: [{ feature: 'a' }] },
  ];
  assert.equal(effects(read({ version: 2, features })), [
    'a: left out: custom strategy',
    'b: left out: flag',
  ]);
});

test.run();
