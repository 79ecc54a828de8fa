import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { parseFile } from '../../src/files/parse.js';
import type { FileKind } from '../../src/files/parsed.js';
import { readYaml } from '../../src/files/yaml-text.js';
import { BAD_TEXT } from './bad-text.js';
import { BAD_YAML } from './bad-yaml.js';
import { randomYaml } from './random-yaml.js';

const test = suite('parse');

const KINDS: readonly FileKind[] = [
  'config',
  'org',
  'project',
  'api-keys',
  'flag',
  'segment',
  'overrides',
  'tests',
];

/** The flag of DESIGN 3, with all that a flag can say. */
const WHOLE = `# yaml-language-server: $schema=../../../../schemas/flag.json
name: New checkout            # else the key
description: Redesigned checkout page
type: boolean
owner: team-payments
status: development
tags: [web]
expires: 2027-03-01
client: true
metadata: { ticket: PAY-123 }
salt: new-checkout
bucketBy: targetingKey
offVariant: off
environments:
  development: { enabled: true }
  production:
    enabled: true
    segments: [beta-testers]
    requires: [layout-v2, { flag: theme, variant: dark }]
    rules:
      - id: german-pros
        description: Legal cleared DE first
        when:
          - { attribute: country, equals: DE }
          - { attribute: plan, in: [pro, enterprise] }
          - any: [{ attribute: app.version, semverGte: 2.4.0 }, { segment: internal }]
      - { id: canary, percentage: 5 }
    serve: { on: 20, off: 80 }
`;

function read(kind: FileKind, text: string) {
  return parseFile(kind, new TextEncoder().encode(text));
}

test('a flag may say all that DESIGN 3 shows, without a problem', () => {
  const file = read('flag', WHOLE);
  assert.equal(file.problems, []);
  assert.equal(file.value, parse(WHOLE));
});

test('overrides, segments and tests may say all that DESIGN 3 shows', () => {
  const overrides = `- { users: [u-123, u-124], reason: dogfooding, until: 2027-01-31 }
- { companies: [company-9], environments: [production], serve: off, reason: contract 4711 }
`;
  const segment = `description: People who asked for it
active: true
include: { users: [u-7], companies: [company-123] }
exclude: { users: [u-8] }
when: [{ attribute: email, endsWith: "@acme.com" }]
`;
  const tests = `- { name: Berlin pro sees it, environment: production, context: { targetingKey: u-1, country: DE, plan: pro }, expect: { variant: on, rule: german-pros } }
`;
  for (const [kind, text] of [
    ['overrides', overrides],
    ['segment', segment],
    ['tests', tests],
  ] as const) {
    assert.equal(read(kind, text), { kind, value: parse(text), problems: [] });
  }
});

test('on and off are the names of variants, true and false are not text', () => {
  const { value } = read('flag', 'environments:\n  production: { enabled: true, serve: off }\n');
  assert.equal(value, { environments: { production: { enabled: true, serve: 'off' } } });
});

test('a file survives JSON and structured clone as it is', () => {
  const files = [read('flag', WHOLE), read('flag', 'x'), read('segment', 'active: true')];
  assert.equal(
    JSON.parse(JSON.stringify(files)),
    files.map((file) => JSON.parse(JSON.stringify(file))),
  );
  assert.equal(structuredClone(files), files);
});

test('names that every object has are names like others', () => {
  const text =
    'type: string\nvariants: { toString: a, hasOwnProperty: b, on: c }\nmetadata: { valueOf: d }\nenvironments: {}\n';
  assert.equal(read('flag', text).problems, []);
  const { problems } = read(
    'flag',
    `${text.replace('environments: {}', 'environments:\n  production: { enabled: true, serve: valueOf }')}`,
  );
  assert.equal(
    problems.map(({ code }) => code),
    ['UNKNOWN_VARIANT'],
  );
});

test('a file has at most 100 problems, the errors first', () => {
  const entries = Array.from({ length: 300 }, (_, place) => `- { users: [u${place}@example.com] }\n`).join(
    '',
  );
  const { problems } = read('overrides', `${entries}- { reason: nobody }\n`);
  assert.is(problems.length, 100);
  assert.ok(problems.some(({ code }) => code === 'MISSING_FIELD'));
});

test('bytes of any kind are told, never thrown, and each problem has a place (P13)', () => {
  const kinds = fc.constantFrom(...KINDS);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string({ unit: 'binary', maxLength: 200 }).map((text) => new TextEncoder().encode(text)),
    fc
      .array(fc.constantFrom(...[...BAD_TEXT, ...BAD_YAML].map(({ content }) => content)), { maxLength: 3 })
      .map(joined),
  );
  fc.assert(
    fc.property(kinds, bytes, (kind, input) => {
      const file = parseFile(kind, input.subarray(0, 2000));
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(input);
      const lines = text.split('\n').length;
      for (const { line, column, message } of file.problems) {
        assert.ok(line >= 1 && line <= lines && column >= 1 && message.length > 0);
      }
      const hasError = file.problems.some(({ severity }) => severity === 'error');
      assert.is(file.value === undefined, hasError);
    }),
    { numRuns: 2000 },
  );
});

test('characters of YAML in any order are told, never thrown', () => {
  const character = fc.constantFrom(
    ...'abno: ,-?[]{}\n\r\t"\'|>#&*!%@`~<=.0123456789_',
    '  ',
    '\n  ',
    ': ',
    '- ',
    '---\n',
  );
  fc.assert(
    fc.property(fc.array(character, { maxLength: 60 }), fc.constantFrom(...KINDS), (characters, kind) => {
      const file = read(kind, characters.join(''));
      assert.type(file.problems.length, 'number');
    }),
    { numRuns: 3000 },
  );
});

test('any value reads as the yaml package reads it', () => {
  fc.assert(
    fc.property(randomYaml, ({ text }) => {
      const { reading } = readYaml(text);
      if (reading.kind !== 'document') return;
      const { value, problems } = reading;
      if (problems.some(({ severity }) => severity === 'error')) return;
      // The package takes a byte order mark before a list for text.
      assert.equal(value, parse(text.replace('\uFEFF', '')));
    }),
    { numRuns: 500 },
  );
});

function joined(contents: readonly (string | Uint8Array)[]): Uint8Array {
  const texts = contents.map((content) =>
    typeof content === 'string' ? new TextEncoder().encode(content) : content,
  );
  return new Uint8Array(Buffer.concat(texts.map((bytes) => bytes.subarray(0, 600))));
}

test.run();
