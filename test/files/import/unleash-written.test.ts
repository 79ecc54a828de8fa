import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Imported } from '../../../src/files/import/imported.js';
import { readUnleash } from '../../../src/files/import/unleash/unleash.js';

const TARGETS = { of: (theirs: string | undefined) => [theirs ?? 'production'] };

function read(...files: readonly object[]): Imported {
  const texts = new Map(files.map((one, place) => [`${place}.json`, JSON.stringify(one)]));
  return readUnleash({ texts, targets: TARGETS });
}

function leftOut({ notCarried, files }: Imported): readonly string[] {
  assert.equal(files, []);
  return notCarried.map(({ flag, effect, construct }) => `${flag}: ${effect}: ${construct}`);
}

function exported(environment: string, more: object = {}): object {
  return {
    features: [{ name: 'a' }],
    featureStrategies: [{ name: 'userWithId', featureName: 'a', parameters: { userIds: environment } }],
    featureEnvironments: [{ featureName: 'a', environment, enabled: true }],
    ...more,
  };
}

test('a feature whose strategies are not what Unleash writes is left out, and never on for everybody', () => {
  for (const [fields, construct] of [
    [{}, 'strategies'],
    [{ strategies: ['x'] }, 'strategies'],
    [{ strategies: { name: 'default' } }, 'strategies'],
    [{ strategies: [{ name: 'default', constraints: [null] }] }, 'constraints'],
    [{ strategies: [{ name: 'default', constraints: 'x' }] }, 'constraints'],
    [{ strategies: [{ name: 'default', segments: 'x' }] }, 'segments'],
    [{ strategies: [{ name: 'default', parameters: 'x' }] }, 'parameters'],
    [{ strategies: [], variants: ['x'] }, 'variants'],
    [{ strategies: [], variants: [{ name: 'blue', weight: 1, overrides: 'x' }] }, 'overrides'],
    [{ strategies: [], enabled: 'true' }, 'enabled'],
    [{ strategies: [], dependencies: ['b'] }, 'dependencies'],
  ] as const) {
    const feature = { name: 'a', enabled: true, ...fields };
    assert.equal(leftOut(read({ version: 2, features: [feature] })), [`a: left out: ${construct}`]);
  }
});

test('constraints of a segment that are no objects leave out who asks for it', () => {
  const features = [{ name: 'a', enabled: true, strategies: [{ name: 'default', segments: [7] }] }];
  const segments = [{ id: 7, name: 'beta', constraints: [null] }];
  assert.equal(leftOut(read({ version: 2, features, segments })), ['a: left out: constraints']);
});

test('a file that only names a segment does not take its constraints away', () => {
  const features = [{ name: 'a', enabled: true, strategies: [{ name: 'default', segments: [7] }] }];
  const constraints = [{ contextName: 'country', operator: 'IN', values: ['DE'] }];
  const { files } = read(
    { segments: [{ id: 7, name: 'beta', constraints }] },
    { features, segments: [{ id: 7, name: 'beta' }] },
  );
  assert.equal(
    files.map(({ key }) => key),
    ['beta', 'a'],
  );
});

test('strategies that name none of several environments, or that are not there, leave the feature out', () => {
  const featureEnvironments = ['development', 'production'].map((environment) => {
    return { featureName: 'a', environment, enabled: true };
  });
  for (const [more, construct] of [
    [{ featureEnvironments }, 'strategies'],
    [{ featureStrategies: undefined }, 'strategies'],
    [{ featureEnvironments: [] }, 'environments'],
  ] as const) {
    assert.equal(leftOut(read(exported('production', more))), [`a: left out: ${construct}`]);
  }
});

test('a folder of one export for each environment makes one flag with the rules of each', () => {
  const { files, found } = read(exported('development'), exported('production'));
  assert.equal(found, 1);
  const [flag] = files;
  const states = flag?.kind === 'flag' ? Object.entries(flag.value.environments) : [];
  assert.equal(
    states.map(([environment, { rules }]) => [environment, rules?.map(({ when }) => when)]),
    ['development', 'production'].map((name) => [name, [[{ attribute: 'userId', in: [name] }]]]),
  );
});

test('a feature that stands twice with different contents is left out', () => {
  const other = exported('production', {
    featureStrategies: [{ name: 'userWithId', featureName: 'a', parameters: { userIds: 'u-1' } }],
  });
  assert.equal(leftOut(read(exported('production'), other)), ['a: left out: features']);
  assert.is(read(exported('production'), exported('production')).files.length, 1);
  const texts = new Map(
    ['development', 'production'].map((name) => [name, JSON.stringify(exported(name))] as const),
  );
  const imported = readUnleash({ texts, targets: { of: () => ['production'] } });
  assert.equal(leftOut(imported), ['a: left out: environments']);
});

test('a long name with variants has a flag for them, and one without a name is left out', () => {
  const name = `${'a'.repeat(84)}-${'b'.repeat(15)}`;
  const variants = [{ name: 'blue', weight: 1 }];
  const { files } = read({ features: [{ name, enabled: true, strategies: [], variants }] });
  assert.equal(
    files.map(({ key }) => key),
    [name, `${'a'.repeat(84)}-variant`],
  );
  assert.equal(leftOut(read({ features: [{ enabled: true, strategies: [] }] })), [
    '(no name): left out: key',
  ]);
});

test('payloads of several types are noted', () => {
  const variants = [
    { name: 'blue', weight: 1, payload: { type: 'string', value: 'x' } },
    { name: 'red', weight: 0 },
  ];
  const { notCarried } = read({ features: [{ name: 'a', enabled: true, strategies: [], variants }] });
  assert.ok(notCarried.some(({ effect, construct }) => effect === 'renamed' && construct === 'payload'));
});

test.run();
