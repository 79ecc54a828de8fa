import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Edit, editSource } from '../../src/files/edit.js';
import { readSource } from '../../src/files/yaml-source.js';
import { textOf } from '../../src/files/yaml-text.js';

function editText(text: string, ...edits: readonly Edit[]): string {
  return textOf(editSource(readSource({ path: 'a.yaml', text }), edits));
}

const RULES = [
  { id: 'germans', when: [{ attribute: 'country', equals: 'DE' }] },
  { id: 'canary', percentage: 5 },
];
const PRODUCTION = ['environments', 'production'];

test('a one-line map that gets a list of rules becomes a block; what was in it stays as it was written', () => {
  const text = `environments: # all of them
  # try it here
  staging: { enabled: true }
  production: { "enabled": false, until: 2030-01-01, serve: {on: 1, off: 1} } # legal
  # the last
end: true
`;
  assert.is(
    editText(text, { at: [...PRODUCTION, 'rules'], set: RULES }),
    `environments: # all of them
  # try it here
  staging: { enabled: true }
  production: # legal
    "enabled": false
    until: 2030-01-01
    serve: {on: 1, off: 1}
    rules:
      - id: germans
        when:
          - { attribute: country, equals: DE }
      - { id: canary, percentage: 5 }
  # the last
end: true
`,
  );
});

test('a line that would grow beyond the width becomes a block', () => {
  const text =
    'environments:\r\n  production: { enabled: true, segments: [beta-testers, people-of-acme, internal] }\r\n';
  assert.is(
    editText(text, { at: [...PRODUCTION, 'serve'], set: 'a-variant-of-a-long-name' }),
    'environments:\r\n  production:\r\n    enabled: true\r\n    segments: [beta-testers, people-of-acme, internal]\r\n' +
      '    serve: a-variant-of-a-long-name\r\n',
  );
});

test('all levels between brackets become blocks where the rules are put into the innermost', () => {
  assert.is(
    editText('environments: {production: {enabled: false}, staging: {enabled: true}}', {
      at: [...PRODUCTION, 'rules'],
      set: RULES.slice(1),
    }),
    'environments:\n  production:\n    enabled: false\n    rules:\n      - { id: canary, percentage: 5 }\n' +
      '  staging: {enabled: true}',
  );
});

test('what was too much for a line before, or has lines of its own, stays between its brackets', () => {
  const rules = 'production: { rules: [{ id: a }] }\n';
  assert.is(
    editText(rules, { at: ['production', 'rules', 1], set: { id: 'b' } }),
    'production: { rules: [{ id: a }, { id: b }] }\n',
  );
  const long = `production: { description: ${'x'.repeat(120)} }\n`;
  assert.is(
    editText(long, { at: ['production', 'enabled'], set: true }),
    long.replace(' }', ', enabled: true }'),
  );
  const wide = 'production: {\n  enabled: true, # legal\n}\n';
  assert.ok(editText(wide, { at: ['production', 'rules'], set: RULES }).startsWith(wide.slice(0, -2)));
});

test.run();
