import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UnreadableSource } from '../../../src/files/import/imported.js';
import { readJson } from '../../../src/files/import/json.js';
import { projectOf } from '../../support/import/proof.js';

const TARGETS = {
  of: (name: string | undefined) => (name === undefined || name === 'production' ? ['production'] : []),
};

function read(files: Readonly<Record<string, unknown>>) {
  const texts = new Map(Object.entries(files).map(([name, value]) => [name, JSON.stringify(value)]));
  const imported = readJson({ texts, targets: TARGETS });
  projectOf(imported);
  return {
    flags: Object.fromEntries(imported.files.map(({ key, value }) => [key, value])),
    notes: imported.notCarried.map(({ flag, effect, construct }) => `${flag}: ${effect}: ${construct}`),
  };
}

test('a map of flags gives each its value, for everyone', () => {
  const { flags, notes } = read({
    'flags.json': { dark: true, old: false, rows: 20, color: '#f00', page: { size: 1 } },
  });
  const production = { enabled: true, serve: 'value' };
  assert.equal(notes, []);
  assert.equal(flags, {
    dark: { environments: { production: { enabled: true } } },
    old: { environments: { production: { enabled: true, serve: 'off' } } },
    rows: { type: 'number', variants: { value: 20 }, environments: { production } },
    color: { type: 'string', variants: { value: '#f00' }, environments: { production } },
    page: { type: 'object', variants: { value: { size: 1 } }, environments: { production } },
  });
});

test('a folder has a file for each flag, named for it; a list has keys', () => {
  const own = { environments: { production: { enabled: true } } };
  const { flags } = read({
    'web/dark-mode.json': { enabled: true, percentage: 20, users: ['u-1'], description: 'Dark' },
    'own.json': own,
    'list.json': [{ key: 'listed', enabled: false }],
  });
  const named = ['targetingKey', 'userId'].map((attribute) => ({ attribute, in: ['u-1'] }));
  const rules = [
    { id: 'users', when: [{ any: named }] },
    { id: 'share', percentage: 20 },
  ];
  assert.equal(flags, {
    'dark-mode': {
      description: 'Dark',
      environments: { production: { enabled: true, rules, serve: 'off' } },
    },
    own,
    listed: { environments: { production: { enabled: false } } },
  });
});

test('what nobody knows the meaning of leaves a flag out', () => {
  const wrong = { environments: { production: { enabled: 'yes' } } };
  const { flags, notes } = read({
    'flags.json': {
      a: { enabled: true, audience: 'beta' },
      b: null,
      c: [1],
      'd e': true,
      f: wrong,
      g: { enabled: true, percentage: 5 },
    },
  });
  assert.equal(Object.keys(flags), ['g']);
  assert.equal(notes, [
    'a: left out: audience',
    'b: left out: variants',
    'c: left out: variants',
    'd e: left out: key',
    'f: left out: WRONG_TYPE',
    'g: moved: percentage',
  ]);
});

test('what looks like a flag and is none is never a value or a map: it is left out', () => {
  const wrong = { enabled: 'true', percentage: 10 };
  const { flags, notes } = read({
    'top.json': wrong,
    'list.json': [{ key: 'listed', percentage: 10 }],
    'map.json': { a: wrong, users: { enabled: true }, b: { rows: 1 } },
    'facts.json': { enabled: true, owner: 7, name: 'Facts', tags: ['x', 1] },
    'elsewhere.json': { environments: { development: { enabled: true } } },
    'both.json': { environments: { development: { enabled: true }, production: { enabled: false } } },
  });
  assert.equal(Object.keys(flags), ['users', 'b', 'facts', 'both']);
  assert.equal(flags.facts, { name: 'Facts', tags: ['x'], environments: { production: { enabled: true } } });
  assert.equal(flags.both, { environments: { production: { enabled: false } } });
  assert.equal(notes, [
    'top: left out: enabled',
    'listed: left out: enabled',
    'a: left out: enabled',
    'facts: dropped: owner',
    'facts: dropped: tags',
    'elsewhere: left out: environments',
  ]);
});

test('a map under flags is one of flags; what stands beside it is named, never guessed', () => {
  assert.equal(Object.keys(read({ 'x.json': { $schema: 'x', flags: { a: true } } }).flags), ['a']);
  assert.equal(Object.keys(read({ 'x.json': { flags: [{ key: 'a', enabled: true }] } }).flags), ['a']);
  for (const [source, words] of [
    [{ version: 3, flags: { a: true } }, /^x.json: beside "flags" stands "version"/],
    [[{ key: 'a', enabled: true }, 'b'], /^x.json: a flag of the list has no key/],
  ] as const)
    assert.throws(() => read({ 'x.json': source }), words);
});

/** The least that each tool writes, and what it is given to. */
const FOREIGN: readonly (readonly [string, unknown])[] = [
  ['flagd', { flags: { b: { state: 'ENABLED' } } }],
  ['flagd', { $evaluators: {}, flags: { a: { state: 'DISABLED', variants: { on: true }, own: 1 } } }],
  ['flagd', { state: 'ENABLED', variants: { on: true }, defaultVariant: 'on' }],
  ['goff', { a: { variations: { on: true }, defaultRule: { variation: 'on' } } }],
  ['launchdarkly', { items: [{ key: 'a', variations: [], environments: {} }], totalCount: 1 }],
  [
    'launchdarkly',
    { flags: { a: { on: true, variations: [1], fallthrough: { variation: 0 } } }, segments: {} },
  ],
  ['launchdarkly', { flagValues: { a: true } }],
  ['unleash', { version: 1, features: [{ name: 'a', enabled: true, strategies: [] }] }],
  ['unleash', { features: [{ name: 'a', enabled: true }] }],
  ['unleash', [{ key: 'a', enabled: true, strategies: [] }]],
  ['unleash', { retry: { strategies: [{ name: 'default' }] } }],
  ['flagd', { a: { state: 'ENABLED', defaultVariant: 'on' } }],
  ['flipt', { a: { rollouts: [{ threshold: { percentage: 5, value: true } }] } }],
  ['flipt', { namespace: 'default', flags: [{ key: 'a', enabled: true }] }],
  ['flipt', { flags: [{ key: 'a', type: 'BOOLEAN_FLAG_TYPE', enabled: true }] }],
  ['flipt', { flags: [{ key: 'a', enabled: true, variants: [], rules: [] }] }],
];

test("another tool's definitions are no values: they are refused with the --from that reads them", () => {
  for (const [tool, source] of FOREIGN)
    assert.throws(
      () => read({ 'x.json': source }),
      (error: unknown) => error instanceof UnreadableSource && error.message.endsWith(`for --from ${tool}`),
      JSON.stringify(source),
    );
  assert.throws(
    () => read({ 'x.json': { flags: { b: { state: 'ENABLED' } } } }),
    /^x\.json: "b" is no value but a definition, which is for --from flagd$/,
  );
  const strategies = [{ name: 'default' }];
  assert.throws(() => read({ 'x.json': [{ name: 'x', strategies }] }), /^x\.json: "x" is no value/);
  assert.throws(() => read({ 'x.json': [3, { strategies }] }), /^x\.json: item 2 is no value/);
});

test('values of a team that only resemble definitions stay values', () => {
  const values = {
    job: { state: 'ENABLED', retries: 3 },
    rules: { variants: ['a'], rows: 1 },
    features: { list: [{ name: 'x' }] },
    items: { variations: ['a', 'b'] },
    retry: { strategies: ['linear', 'exponential'], max: 3 },
    again: { rollouts: [10, 20] },
    seo: { variants: ['a'], rules: [1] },
    none: { strategies: [], rollouts: [], variants: [], rules: [] },
    order: { state: 'ENABLED', metadata: { by: 'ops' } },
  };
  const { flags, notes } = read({ 'x.json': values });
  assert.equal([Object.keys(flags), notes], [Object.keys(values), []]);
  const named = read({ 'x.json': { 'dark-mode': true, features: [{ name: 'a' }] } });
  assert.equal(
    [Object.keys(named.flags), named.notes],
    [['dark-mode'], ['features: left out: variants']],
    'a list is no variant here; the file is read',
  );
  const own = {
    type: 'object',
    variants: { a: { state: 'ENABLED' } },
    environments: { production: { enabled: true, serve: 'a' } },
  };
  assert.equal(read({ 'own.json': own }).flags, { own });
});

test('text that is no JSON is named with its file', () => {
  const texts = new Map([['flags.json', '{']]);
  assert.throws(
    () => readJson({ texts, targets: TARGETS }),
    (error: unknown) => error instanceof UnreadableSource && error.message.startsWith('flags.json: '),
  );
});

test.run();
