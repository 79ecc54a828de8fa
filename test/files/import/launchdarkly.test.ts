import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../../src/evaluation/compile.js';
import { evaluate } from '../../../src/evaluation/evaluate.js';
import { type Imported, UnreadableSource } from '../../../src/files/import/imported.js';
import { readLaunchDarkly } from '../../../src/files/import/launchdarkly/launchdarkly.js';
import type { FlagFile } from '../../../src/model/flag.js';
import { launchDarklySubject } from '../../support/import/launchdarkly.js';
import { projectOf } from '../../support/import/proof.js';

const TARGETS = { of: (theirs: string | undefined) => [theirs ?? 'production'] };

function read(...files: readonly object[]): Imported {
  const texts = new Map(files.map((file, place) => [`${place}.json`, JSON.stringify(file)]));
  return readLaunchDarkly({ texts, targets: TARGETS });
}

const ON = { on: true, variations: [true, false], fallthrough: { variation: 0 }, offVariation: 1 };

function readFlag(fields: object): Imported {
  return read({ flags: { a: { key: 'a', ...ON, ...fields } } });
}

function flagOf({ files }: Imported, key = 'a'): FlagFile | undefined {
  const file = files.find((one) => one.kind === 'flag' && one.key === key);
  return file?.kind === 'flag' ? file.value : undefined;
}

/** What is noted beside what is taken for granted of every caller. */
function notes({ notCarried }: Imported): readonly string[] {
  return notCarried
    .filter(({ construct }) => construct !== 'context')
    .map(({ flag = 'all', effect, construct }) => `${flag}: ${effect}: ${construct}`);
}

test('a rollout of LaunchDarkly gives the same shares, and the report says that they are other people', async () => {
  const variations = [
    { variation: 0, weight: 20_000 },
    { variation: 1, weight: 80_000 },
  ];
  const flag = { key: 'a', ...ON, salt: 'pepper', fallthrough: { rollout: { variations } } };
  const subject = await launchDarklySubject([flag], [], false);
  const imported = readLaunchDarkly({ texts: subject.texts, targets: TARGETS });
  const environment = compileNow(projectOf(imported)).environments.get('production');
  if (environment === undefined) throw new Error('no production');
  const counts = { theirs: 0, ours: 0 };
  for (let number = 0; number < 5000; number += 1) {
    const key = `u-${number}`;
    if ((await subject.ask('a', { user: { key }, organization: undefined })) === true) counts.theirs += 1;
    const answer = evaluate(environment, 'a', { targetingKey: key }, 0);
    if (answer.kind === 'value' && answer.value === true) counts.ours += 1;
  }
  subject.close?.();
  for (const count of Object.values(counts)) assert.ok(Math.abs(count - 1000) < 120, JSON.stringify(counts));
  assert.equal(notes(imported), ['a: moved: rollout']);
  assert.equal(flagOf(imported)?.environments, { production: { enabled: true, serve: { on: 20, off: 80 } } });
});

test('an answer of the API fills several environments, each with its own segments, in which being included comes first', () => {
  const rules = [{ _id: 'first', clauses: [{ op: 'segmentMatch', values: ['beta'] }], variation: 0 }];
  const setting = { on: true, rules, fallthrough: { variation: 1 }, offVariation: 1, targets: [] };
  const flag = {
    key: 'new-checkout',
    name: 'New checkout',
    description: 'Redesigned checkout page',
    tags: ['web'],
    deprecated: true,
    _maintainerTeam: { key: 'team-payments' },
    clientSideAvailability: { usingEnvironmentId: true, usingMobileKey: false },
    variations: [
      { _id: '1', value: true },
      { _id: '2', value: false },
    ],
    environments: { production: setting, test: { ...setting, on: false } },
  };
  const segment = (environment: string, included: readonly string[]): object => ({
    items: [
      {
        key: 'beta',
        included,
        excluded: [...included, 'u-9'],
        _links: { self: { href: `/api/v2/segments/default/${environment}/beta` } },
      },
    ],
  });
  const imported = read({ items: [flag] }, segment('production', ['u-1']), segment('test', ['u-2']));
  const rule = { id: 'first', when: [{ segment: 'beta' }] };
  assert.equal(flagOf(imported, 'new-checkout'), {
    name: 'New checkout',
    description: 'Redesigned checkout page',
    owner: 'team-payments',
    status: 'deprecated',
    tags: ['web'],
    client: true,
    environments: {
      production: { enabled: true, rules: [rule], serve: 'off' },
      test: { enabled: false, rules: [{ ...rule, when: [{ segment: 'beta-2' }] }], serve: 'off' },
    },
  });
  const segments = imported.files.filter(({ kind }) => kind === 'segment');
  assert.equal(segments, [
    { kind: 'segment', key: 'beta', value: { include: { users: ['u-1'] }, exclude: { users: ['u-9'] } } },
    { kind: 'segment', key: 'beta-2', value: { include: { users: ['u-2'] }, exclude: { users: ['u-9'] } } },
  ]);
});

test('targets keep their place behind the switch and what is required, and many names are a segment', () => {
  const values = Array.from({ length: 150 }, (_, number) => `u-${number}`);
  const imported = readFlag({
    targets: [
      { values: ['ada@acme.com'], variation: 1 },
      { values, variation: 0 },
    ],
  });
  assert.equal(flagOf(imported)?.environments.production?.rules, [
    {
      id: 'targets-off',
      description: 'Individual targets',
      when: [{ attribute: 'targetingKey', equals: 'ada@acme.com' }],
      serve: 'off',
    },
    { id: 'targets-on', description: 'Individual targets', when: [{ segment: 'a-targets-on' }] },
  ]);
  assert.ok(imported.files.some(({ kind, key }) => kind === 'segment' && key === 'a-targets-on'));
});

test('a flag that is off without an off variation gives no value, though it has a variant off', () => {
  const imported = readFlag({ on: false, offVariation: null });
  const state = flagOf(imported)?.environments.production;
  assert.is(state?.enabled, true);
  assert.equal(
    state?.rules?.map(({ id, serve }) => ({ id, serve })),
    [{ id: 'off', serve: null }],
  );
});

test('what LaunchDarkly decides in another way leaves the flag out, with the construct', () => {
  const clause = (fields: object): object => ({
    rules: [{ clauses: [{ attribute: 'email', ...fields }], variation: 0 }],
  });
  for (const [fields, construct] of [
    [clause({ op: 'matches', values: ['(?=a)b'] }), 'matches'],
    [clause({ op: 'matches', values: ['\\s+'] }), 'matches'],
    [clause({ op: 'soundsLike', values: ['ada'] }), 'op'],
    [clause({ attribute: 'kind', op: 'in', values: ['user'] }), 'kind'],
    [{ prerequisites: [{ key: 'gone', variation: 0 }] }, 'prerequisites'],
    [{ archived: true }, 'archived'],
    [{ fallthrough: undefined }, 'fallthrough'],
    [{ fallthrough: { variation: 7 } }, 'variation'],
    [{ variations: [['a'], ['b']] }, 'variants'],
  ] as const) {
    const imported = readFlag(fields);
    assert.equal(notes(imported), [`a: left out: ${construct}`]);
    assert.equal(imported.files, []);
  }
});

test('a flag that asks for the variation which another gives while it is off is left out', () => {
  const flags = {
    a: { key: 'a', ...ON, on: false },
    b: { key: 'b', ...ON, prerequisites: [{ key: 'a', variation: 1 }] },
    c: { key: 'c', ...ON, prerequisites: [{ key: 'a', variation: 0 }] },
  };
  const imported = read({ flags });
  assert.equal(notes(imported), ['b: left out: prerequisites']);
  assert.equal(flagOf(imported, 'c')?.environments.production?.requires, ['a']);
});

test('segments with shares, circles or members elsewhere are named, and flags that ask for them are left out', () => {
  const asks = (key: string): object => ({ clauses: [{ op: 'segmentMatch', values: [key] }] });
  const imported = read({
    flags: { a: { key: 'a', ...ON, rules: [{ ...asks('share'), variation: 1 }] } },
    segments: {
      share: { key: 'share', rules: [{ clauses: [], weight: 20_000 }] },
      big: { key: 'big', unbounded: true },
      one: { key: 'one', rules: [asks('two')] },
      two: { key: 'two', rules: [asks('one')] },
    },
  });
  assert.equal(notes(imported), [
    'all: left out: segment rule',
    'all: left out: segmentMatch',
    'all: left out: segmentMatch',
    'all: left out: segmentMatch',
    'a: left out: segment rule',
  ]);
});

test('a file that LaunchDarkly does not write cannot be read', () => {
  assert.throws(
    () => read({ features: [] }),
    (error: unknown) => error instanceof UnreadableSource && /0\.json: no flags/.test(error.message),
  );
});

test.run();
