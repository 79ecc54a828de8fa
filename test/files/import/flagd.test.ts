import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readFlagd } from '../../../src/files/import/flagd/flagd.js';
import { projectOf } from '../../support/import/proof.js';

const TARGETS = { of: () => ['production'] };
const BOOLEAN = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' };

function read(file: object) {
  const imported = readFlagd({ texts: new Map([['flags.json', JSON.stringify(file)]]), targets: TARGETS });
  projectOf(imported);
  return {
    files: Object.fromEntries(imported.files.map(({ kind, key, value }) => [`${kind} ${key}`, value])),
    notes: imported.notCarried.map(({ flag, effect, construct }) => `${flag}: ${effect}: ${construct}`),
    attributes: imported.attributes,
  };
}

test('an evaluator of flagd becomes a segment, and a fractional what is served', () => {
  const targeting = {
    if: [
      { $ref: 'acme staff' },
      'on',
      {
        fractional: [
          ['on', 20],
          ['off', 80],
        ],
      },
    ],
  };
  const $evaluators = { 'acme staff': { ends_with: [{ var: 'email' }, '@acme.com'] } };
  const { files, notes } = read({ $evaluators, flags: { checkout: { ...BOOLEAN, targeting } } });
  const rules = [{ id: 'rule-1', when: [{ segment: 'acme-staff' }] }];
  assert.equal(files, {
    'segment acme-staff': { when: [{ attribute: 'email', endsWith: '@acme.com' }] },
    'flag checkout': { environments: { production: { enabled: true, rules, serve: { on: 20, off: 80 } } } },
  });
  assert.equal(notes, [
    'undefined: assumed: ends_with',
    'undefined: renamed: segment',
    'undefined: assumed: fractional',
  ]);
});

test('a disabled flag of flagd gives the caller their own default, and keeps its rules', () => {
  const targeting = { if: [{ '===': [{ var: 'country' }, 'DE'] }, 'on'] };
  const { files } = read({ flags: { a: { ...BOOLEAN, state: 'DISABLED', targeting } } });
  const when = [{ attribute: 'country', equals: 'DE' }];
  const description =
    "Disabled in flagd: everyone gets the caller's own default. Take this rule out to enable the flag.";
  const rules = [
    { id: 'disabled', description, serve: null },
    { id: 'rule-1', when },
  ];
  assert.equal(files, { 'flag a': { environments: { production: { enabled: true, rules, serve: 'off' } } } });
});

test('a flag that hashes with another text has it as its salt; one that hashes without any moves people', () => {
  const by = (hashed: unknown) => ({
    ...BOOLEAN,
    targeting: { fractional: [hashed, ['on', 1], ['off', 1]] },
  });
  const email = { var: 'email' };
  const { files, notes } = read({ flags: { salted: by({ cat: ['spring', email] }), bare: by(email) } });
  const rules = [{ id: 'rule-1', bucketBy: 'email', serve: { on: 1, off: 1 } }];
  const environments = { production: { enabled: true, rules, serve: 'off' } };
  assert.equal(files, { 'flag salted': { salt: 'spring', environments }, 'flag bare': { environments } });
  assert.equal(notes, [
    'salted: assumed: fractional',
    'bare: assumed: fractional',
    'bare: moved: fractional',
  ]);
});

test('metadata stays, what answers say themselves is dropped, and attributes have their types', () => {
  const targeting = { if: [{ '>': [{ var: 'age' }, 18] }, 'on'] };
  const flag = { ...BOOLEAN, metadata: { description: 'Old enough', rule: 'x', tier: 1 }, targeting };
  const { files, notes, attributes } = read({ metadata: { team: 'web' }, flags: { a: flag } });
  const rules = [{ id: 'rule-1', when: [{ attribute: 'age', gt: 18 }] }];
  assert.equal(files, {
    'flag a': {
      description: 'Old enough',
      metadata: { team: 'web', tier: 1 },
      environments: { production: { enabled: true, rules, serve: 'off' } },
    },
  });
  assert.equal(notes, ['a: assumed: >', 'a: dropped: metadata']);
  assert.equal(attributes, { age: 'number' });
});

test('what flagd calculates leaves a flag out: nothing is carried by half', () => {
  const targeted = (targeting: unknown) => ({ ...BOOLEAN, targeting });
  const when = (condition: unknown) => targeted({ if: [condition, 'on'] });
  const { files, notes } = read({
    flags: {
      clock: when({ '<': [{ var: '$flagd.timestamp' }, 1_800_000_000] }),
      sum: when({ '>': [{ '+': [{ var: 'a' }, 1] }, 2] }),
      two: when({ '==': [{ var: 'a' }, { var: 'b' }] }),
      fallback: when({ '==': [{ var: ['a', 'x'] }, 'x'] }),
      weights: targeted({
        fractional: [
          ['on', { var: 'a' }],
          ['off', 1],
        ],
      }),
      lost: when({ $ref: 'nobody' }),
      mixed: { ...BOOLEAN, variants: { on: true, off: 0 } },
      '-bad-': BOOLEAN,
    },
  });
  assert.equal(files, {});
  assert.equal(notes, [
    'clock: left out: $flagd.timestamp',
    'sum: left out: +',
    'two: left out: ==',
    'fallback: left out: var',
    'weights: left out: fractional',
    'lost: left out: $ref',
    'mixed: left out: variants',
    '-bad-: left out: key',
  ]);
});

test('what is read otherwise of lists, zeros and missing values is noted, or leaves a flag out', () => {
  const when = (condition: unknown) => ({ ...BOOLEAN, targeting: { if: [condition, 'on'] } });
  const x = { var: 'x' };
  const { files, notes } = read({
    flags: {
      same: when({ '===': [x, 'DE'] }),
      listed: when({ in: [x, ['DE']] }),
      starts: when({ starts_with: [x, 'D'] }),
      truthy: when(x),
      missing: when({ '==': [x, null] }),
      nothing: when({ and: [] }),
      bare: when({ or: x }),
      two: when({ '!': [x, x] }),
      four: when({ '<': [0, x, 10, 5] }),
      length: when({ '===': [{ var: 'x.length' }, 2] }),
      text: { ...BOOLEAN, targeting: 'on' },
      word: { ...BOOLEAN, defaultVariant: true },
    },
  });
  assert.equal(
    Object.keys(files),
    ['same', 'listed', 'starts', 'truthy', 'missing'].map((key) => `flag ${key}`),
  );
  assert.equal(notes, [
    'same: assumed: ===',
    'listed: assumed: in',
    'starts: assumed: starts_with',
    'truthy: assumed: var',
    'missing: assumed: ==',
    'nothing: left out: and',
    'bare: left out: or',
    'two: left out: !',
    'four: left out: <',
    'length: left out: var',
    'text: left out: targeting',
    'word: left out: defaultVariant',
  ]);
});

test('a fractional that names a variant twice is left out; a list of numbers stays one', () => {
  const fractional = [
    ['on', 1],
    ['off', 1],
    ['on', 1],
  ];
  const targeting = { if: [{ in: [{ var: 'age' }, [18, 'x', true]] }, 'on'] };
  const { files, notes } = read({
    flags: { twice: { ...BOOLEAN, targeting: { fractional } }, listed: { ...BOOLEAN, targeting } },
  });
  const rules = [{ id: 'rule-1', when: [{ attribute: 'age', in: [18, 'x', true] }] }];
  assert.equal(files, {
    'flag listed': { environments: { production: { enabled: true, rules, serve: 'off' } } },
  });
  assert.equal(notes, ['twice: left out: fractional', 'listed: assumed: in']);
});

test('conditions that would grow beyond any file leave their flag out, however they repeat (P14)', () => {
  const test = { '===': [{ var: 'x' }, 'DE'] };
  const nested = (depth: number): unknown => (depth === 0 ? test : { if: [nested(depth - 1), test, test] });
  const result = (depth: number): unknown =>
    depth === 0 ? 'on' : { if: [{ or: Array(60).fill(test) }, result(depth - 1), result(depth - 1)] };
  const deep = (depth: number): unknown =>
    depth === 0 ? test : { and: [test, { or: [test, deep(depth - 1)] }] };
  const { files, notes } = read({
    flags: {
      small: { ...BOOLEAN, targeting: { if: [nested(3), 'on'] } },
      grown: { ...BOOLEAN, targeting: { if: [nested(40), 'on'] } },
      many: { ...BOOLEAN, targeting: result(6) },
      deep: { ...BOOLEAN, targeting: { if: [deep(110), 'on'] } },
    },
  });
  assert.equal(Object.keys(files), ['flag small']);
  assert.equal(
    notes.filter((note) => note.includes('left out')),
    ['grown: left out: condition', 'many: left out: rules', 'deep: left out: condition'],
  );
});

test.run();
