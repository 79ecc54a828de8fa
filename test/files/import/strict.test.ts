import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Imported, Importer } from '../../../src/files/import/imported.js';
import { SOURCES } from '../../../src/files/import/sources.js';
import { projectOf } from '../../support/import/proof.js';

const TARGETS = { of: (theirs: string | undefined) => (theirs === 'staging' ? [] : ['production']) };

function read(importer: Importer, source: unknown): Imported {
  const imported = importer({ texts: new Map([['x.json', JSON.stringify(source)]]), targets: TARGETS });
  projectOf(imported);
  return imported;
}

/** What stands in the way of each flag; the first is the one that is whole. */
function obstacles(importer: Importer, source: unknown): readonly string[] {
  const { files, notCarried } = read(importer, source);
  assert.equal(
    files.flatMap(({ kind, key }) => (kind === 'flag' ? [key] : [])),
    ['whole'],
  );
  return notCarried.flatMap(({ flag, effect, construct }) =>
    effect === 'left out' && flag !== undefined ? [`${flag}: ${construct}`] : [],
  );
}

/** Names flags `f0`, `f1` by their place, and a first one `whole`. */
function named(flags: readonly object[]): Readonly<Record<string, object>> {
  return Object.fromEntries(flags.map((flag, place) => [place === 0 ? 'whole' : `f${place}`, flag]));
}

test('what is no list, map or switch in a flag of LaunchDarkly leaves it out: nobody gets in by it', () => {
  const on = { on: true, variations: [true, false], fallthrough: { variation: 1 }, offVariation: 1 };
  const rule = (clauses: unknown): object => ({ ...on, rules: [{ clauses, variation: 0 }] });
  const clause = { attribute: 'country', op: 'in', values: ['DE'] };
  const weights = [{ variation: 0, weight: '1' }, { variation: 1 }];
  const flags = named([
    on,
    { ...on, on: 'true' },
    { ...on, rules: 'x' },
    rule([null]),
    rule([clause, 'x']),
    rule([{ ...clause, values: 'DE' }]),
    rule([{ ...clause, negate: 'yes' }]),
    { ...on, prerequisites: ['x'] },
    { ...on, targets: [{ values: [7], variation: 0 }] },
    { ...on, fallthrough: { rollout: { variations: weights } } },
  ]);
  assert.equal(obstacles(SOURCES.launchdarkly.importer, { flags }), [
    'f1: on',
    'f2: rules',
    'f3: clauses',
    'f4: clauses',
    'f5: values',
    'f6: negate',
    'f7: prerequisites',
    'f8: targets',
    'f9: weight',
  ]);
  assert.throws(() => read(SOURCES.launchdarkly.importer, { flags: { a: 1 } }), /^x.json: a is no map/);
  assert.throws(() => read(SOURCES.launchdarkly.importer, { items: [1] }), /^x.json: item 1 is no map/);
});

test('a flag of LaunchDarkly without a state in an environment that is carried is left out', () => {
  const flag = (key: string, environments: object): object => ({
    key,
    variations: [true, false],
    environments,
  });
  const setting = { on: true, fallthrough: { variation: 0 }, offVariation: 1 };
  const items = [
    flag('whole', { prod: setting }),
    flag('a', { staging: setting }),
    flag('b', { prod: 'on' }),
  ];
  assert.equal(obstacles(SOURCES.launchdarkly.importer, { items }), ['a: environments', 'b: environments']);
});

test('what is no list, map or switch in a flag of Flipt leaves it out', () => {
  const boolean = { type: 'BOOLEAN_FLAG_TYPE', enabled: false };
  const variant = { enabled: true, variants: [{ key: 'a' }, { key: 'b' }] };
  const segments = [
    { key: 'odd', match_type: 'SOME', constraints: [] },
    { key: 'null', constraints: [null] },
    { key: 'good', constraints: [{ type: 'ENTITY_ID_COMPARISON_TYPE', operator: 'eq', value: 'u-1' }] },
  ];
  const give = (segment: unknown): object => ({ ...boolean, rollouts: [{ segment, value: true }] });
  const flags = Object.entries(
    named([
      boolean,
      { ...boolean, enabled: 'true' },
      { ...boolean, rollouts: ['x'] },
      { ...boolean, rollouts: [{ threshold: { percentage: '50' } }] },
      give({ key: 'odd', value: true }),
      give({ key: 'null', value: true }),
      give({ keys: ['good', 7], value: true }),
      give({ key: 'good', operator: 'XOR', value: true }),
      { ...variant, rules: [{ segment: 'good', distributions: [{ variant: 'a', rollout: '100' }] }] },
    ]),
  ).map(([key, flag]) => ({ key, ...flag }));
  assert.equal(obstacles(SOURCES.flipt.importer, { flags, segments }), [
    'f1: enabled',
    'f2: rollouts',
    'f3: percentage',
    'f4: segment',
    'f5: constraints',
    'f6: segments',
    'f7: segment',
    'f8: rollout',
  ]);
});

test('an export of Flipt with a document for each namespace is read whole', () => {
  const one = (key: string): string =>
    `namespace: ${key}\nflags: [{ key: ${key}, type: BOOLEAN_FLAG_TYPE }]\n`;
  const texts = new Map([['x.yaml', `${one('a')}---\n${one('b')}`]]);
  const { files } = SOURCES.flipt.importer({ texts, targets: TARGETS });
  assert.equal(
    files.map(({ key }) => key),
    ['a', 'b'],
  );
});

test('what is no list, map or switch in a flag of GO Feature Flag leaves it out, and so does what is nested too deep', () => {
  const flag = { variations: { on: true, off: false }, defaultRule: { variation: 'off' } };
  const asks = (query: string): object => ({ ...flag, targeting: [{ query, variation: 'on' }] });
  const deep = `${'('.repeat(5000)}a eq 1${')'.repeat(5000)}`;
  const logic = `${'{"!":['.repeat(5000)}true${']}'.repeat(5000)}`;
  const flags = named([
    flag,
    { ...flag, disable: 'true' },
    { ...flag, targeting: { query: 'a eq 1' } },
    { ...flag, targeting: ['x'] },
    { ...flag, experimentation: 'x' },
    { ...flag, bucketingKey: 7 },
    { ...flag, defaultRule: { percentage: 'x', variation: 'on' } },
    asks(deep),
    asks(logic),
    asks('a constructor "x"'),
  ]);
  assert.equal(obstacles(SOURCES.goff.importer, flags), [
    'f1: disable',
    'f2: targeting',
    'f3: targeting',
    'f4: experimentation',
    'f5: bucketingKey',
    'f6: percentage',
    'f7: query',
    'f8: query',
    'f9: query',
  ]);
});

test.run();
