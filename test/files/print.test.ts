import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { printYaml } from '../../src/files/print.js';
import { randomValue } from './random-yaml.js';

test('the house layout: short leaf maps and lists between brackets, all else in blocks (DESIGN 3)', () => {
  const flag = {
    description: 'Redesigned checkout page',
    tags: ['web'],
    metadata: { ticket: 'PAY-123' },
    environments: {
      development: { enabled: true },
      production: {
        enabled: true,
        rules: [
          {
            id: 'german-pros',
            when: [
              { attribute: 'country', equals: 'DE' },
              { attribute: 'plan', in: ['pro', 'enterprise'] },
            ],
          },
          { id: 'canary', percentage: 5 },
        ],
      },
    },
  };
  assert.is(
    printYaml(flag),
    `description: Redesigned checkout page
tags: [web]
metadata: { ticket: PAY-123 }
environments:
  development: { enabled: true }
  production:
    enabled: true
    rules:
      - id: german-pros
        when:
          - { attribute: country, equals: DE }
          - { attribute: plan, in: [pro, enterprise] }
      - { id: canary, percentage: 5 }
`,
  );
});

test('quotes where YAML 1.1 would misread a text', () => {
  const words = [
    'on',
    'no',
    'Y',
    '~',
    '2.4',
    '1_000',
    '0x1F',
    '12:30',
    '2027-03-01',
    '',
    ' a',
    'a: b',
    '@acme.com',
  ];
  for (const word of words) assert.is(printYaml({ word }), `word: ${JSON.stringify(word)}\n`);
  for (const word of ['web', 'new-checkout', 'PAY-123', 'a b', 'é'])
    assert.is(printYaml({ word }), `word: ${word}\n`);
});

test('a word with a colon in it needs no quotes between brackets either; a moment and a colon at an end do', () => {
  assert.is(
    printYaml({ permissions: ['org:admin', 'env:web-app/production:admin'] }),
    'permissions: [org:admin, env:web-app/production:admin]\n',
  );
  for (const text of ['2030-01-01', '12:30', 'a:', ':a', 'a:/b', 'a, b'])
    assert.is(printYaml({ words: [text] }), `words: ["${text}"]\n`);
});

test('both versions of YAML read back what was printed', () => {
  fc.assert(
    fc.property(randomValue, (value) => {
      assert.equal(parse(printYaml(value)), value);
      assert.equal(parse(printYaml(value), { version: '1.1' }), value);
    }),
    { numRuns: 2000, seed: 20_260_115 },
  );
});

test('a text of several lines is written as it reads', () => {
  assert.is(printYaml({ a: 'one\ntwo\n' }), 'a: |\n  one\n  two\n');
  assert.is(printYaml({ a: ['one\n\ntwo'] }), 'a:\n  - |-\n    one\n\n    two\n');
});

test.run();
