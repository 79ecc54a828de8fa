import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change, RuleCreate } from '../../src/changes/change.js';
import type { EnvironmentKey } from '../../src/model/keys.js';
import { apply, type Files, flag, production, project, refusal, staging, texts } from './drafted.js';

const test = suite('rules');

const place = { project, flag, environment: production } as const;
const RULES = `environments:
  production:
    enabled: true
    rules:
      # legal cleared these
      - id: german-pros # first
        when: [{ attribute: country, equals: DE }]
      - { id: canary, percentage: 5 }
      - id: rest
        serve: off
    serve: { on: 20, off: 80 }
`;

function file(text: string): Files {
  return { 'flags/a.yaml': text };
}

function create(before: string | null, id = 'new'): RuleCreate {
  return { kind: 'rule.create', ...place, rule: { id, percentage: 10 }, before };
}

test('a rule comes before another one, or last; every other line stays', () => {
  const line = '      - { id: new, percentage: 10 }\n';
  assert.equal(
    texts(file(RULES), create('canary')),
    file(RULES.replace('      - { id: canary', `${line}      - { id: canary`)),
  );
  assert.equal(
    texts(file(RULES), create(null)),
    file(RULES.replace('        serve: off\n', `        serve: off\n${line}`)),
  );
});

test('the first rule makes its list, and the state of an environment that the file does not have yet', () => {
  const text = 'environments:\n  staging: { enabled: true }\n  production:\n    enabled: true # live\n';
  const made = '    rules:\n      - { id: new, percentage: 10 }\n';
  assert.equal(texts(file(text), create(null)), file(text + made));
  assert.equal(
    texts(file('environments:\n  staging: { enabled: true }\n'), create(null)),
    file(`environments:\n  staging: { enabled: true }\n  production:\n    enabled: false\n${made}`),
  );
});

test('a change of a rule touches the lines that it means', () => {
  const change: Change = {
    kind: 'rule.update',
    ...place,
    rule: 'german-pros',
    edits: [
      { at: ['when', 0, 'equals'], set: 'AT' },
      { at: ['percentage'], remove: true },
      { at: ['id'], set: 'german-pros' },
    ],
  };
  assert.equal(texts(file(RULES), change), file(RULES.replace('equals: DE', 'equals: AT')));
  assert.equal(apply(file(RULES), change).effective, [{ ...change, edits: change.edits.slice(0, 1) }]);
  assert.equal(apply(file(RULES), { ...change, edits: change.edits.slice(1) }).effective, []);
});

test('a rule that moves keeps its lines and comments', () => {
  const move = (rule: string, before: string | null): Change => ({
    kind: 'rule.move',
    ...place,
    rule,
    before,
  });
  const [head, german, canary, rest, tail] = [
    RULES.slice(0, RULES.indexOf('      # legal')),
    RULES.slice(RULES.indexOf('      # legal'), RULES.indexOf('      - { id: canary')),
    '      - { id: canary, percentage: 5 }\n',
    '      - id: rest\n        serve: off\n',
    '    serve: { on: 20, off: 80 }\n',
  ];
  assert.is(head + german + canary + rest + tail, RULES);
  const moved = (...rules: readonly string[]): Files => file(head + rules.join('') + tail);
  assert.equal(texts(file(RULES), move('german-pros', null)), moved(canary, rest, german));
  assert.equal(texts(file(RULES), move('german-pros', 'rest')), moved(canary, german, rest));
  assert.equal(texts(file(RULES), move('rest', 'german-pros')), moved(rest, german, canary));
  for (const [rule, before] of [
    ['canary', 'rest'],
    ['canary', 'canary'],
    ['rest', null],
  ] as const)
    assert.equal(apply(file(RULES), move(rule, before)), { edits: [], effective: [] }, rule);
});

test('a file that says when it was changed goes on saying so when a rule moves', () => {
  const dated = (time: string, text: string): Files => file(`updatedAt: ${time}\n${text}`);
  const lines = [
    '      - { id: canary, percentage: 5 }\n',
    '      - id: rest\n        serve: off\n',
  ] as const;
  assert.equal(
    texts(dated('"2025-01-01T00:00:00Z"', RULES), {
      kind: 'rule.move',
      ...place,
      rule: 'rest',
      before: 'canary',
    }),
    dated('"2026-01-15T10:00:00Z"', RULES.replace(lines.join(''), lines.toReversed().join(''))),
  );
});

test('a rule goes with its own lines; the last one takes the list along', () => {
  const remove = (rule: string): Change => ({ kind: 'rule.delete', ...place, rule });
  assert.equal(
    texts(file(RULES), remove('canary')),
    file(RULES.replace('      - { id: canary, percentage: 5 }\n', '')),
  );
  const one =
    'environments:\n  production:\n    enabled: true\n    rules:\n      - { id: x }\n    serve: off\n';
  assert.equal(
    texts(file(one), remove('x')),
    file('environments:\n  production:\n    enabled: true\n    serve: off\n'),
  );
});

test('later changes of a set see what earlier ones left', () => {
  const rename: Change = {
    kind: 'rule.update',
    ...place,
    rule: 'canary',
    edits: [{ at: ['id'], set: 'wide' }],
  };
  const remove: Change = { kind: 'rule.delete', ...place, rule: 'wide' };
  assert.equal(
    texts(file(RULES), rename, create('wide'), remove),
    file(RULES.replace('id: canary, percentage: 5', 'id: new, percentage: 10')),
  );
});

test('what cannot be is refused', () => {
  const change = (kind: 'rule.update' | 'rule.delete' | 'rule.move', rule: string): Change =>
    ({ kind, ...place, rule, edits: [], before: null }) as Change;
  assert.is(refusal(file(RULES), create(null, 'canary')), 'RULE_EXISTS');
  assert.is(refusal(file(RULES), create('nobody')), 'RULE_NOT_FOUND');
  for (const kind of ['rule.update', 'rule.delete', 'rule.move'] as const) {
    assert.is(refusal(file(RULES), change(kind, 'nobody')), 'RULE_NOT_FOUND');
    assert.is(refusal({}, change(kind, 'canary')), 'FLAG_NOT_FOUND');
    assert.is(refusal(file('x: [\n'), change(kind, 'canary')), 'FILE_BROKEN');
    for (const text of [
      'environments: 7\n',
      'environments:\n  production:\n    enabled: true\n    rules: {}\n',
    ])
      assert.is(refusal(file(text), change(kind, 'canary')), 'FILE_BROKEN');
  }
  assert.is(
    refusal(file(RULES), { ...create(null), environment: staging, before: 'canary' }),
    'RULE_NOT_FOUND',
  );
  const elsewhere = { ...create(null), environment: 'moon' as EnvironmentKey };
  assert.is(refusal(file(RULES), elsewhere), 'ENVIRONMENT_NOT_FOUND');
});

test.run();
