import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type BrokenTest, brokenTests } from '../../src/changes/broken-tests.js';
import { compileNow } from '../../src/evaluation/compile.js';
import type { CompiledProject } from '../../src/evaluation/compiled.js';
import { loadTexts, NOW, projectOf, type Texts, webApp } from '../files/org-files.js';

const test = suite('tests that a write breaks');

const RULES = '    rules:\n      - { id: pros, when: [{ attribute: plan, equals: pro }] }\n    serve: off\n';
const FLAG = `environments:\n  production:\n    enabled: false\n${RULES}`;
const CASES =
  '- { name: pros see it, environment: production, context: { plan: pro }, expect: { variant: on, rule: pros } }\n' +
  '- { name: others do not, environment: production, expect: { variant: off } }\n';
const ENVIRONMENTS = 'environments: [staging, production]\n';
const GOOD = webApp({ 'flags/a.yaml': FLAG, 'tests/a.yaml': CASES });

function broken(after: Texts, before: Texts | undefined = GOOD): readonly BrokenTest[] {
  const loaded = before === undefined ? undefined : loadTexts(before);
  const old = loaded === undefined ? undefined : compileNow(projectOf(loaded));
  const fresh = compileNow(projectOf(loadTexts(after, loaded?.snapshot)), { previous: old });
  const map = (project: CompiledProject) => new Map([['web-app', project]]);
  return brokenTests({ before: old && map(old), after: map(fresh), now: NOW });
}

function names(after: Texts, before: Texts | undefined = GOOD): readonly string[] {
  return broken(after, before).map(({ flag, name }) => `${flag}: ${name}`);
}

function changed(texts: Texts): Texts {
  return { ...GOOD, ...webApp(texts) };
}

test('a case that passed and would fail is told, with what was wanted and what would come', () => {
  assert.equal(broken(changed({ 'flags/a.yaml': FLAG.replace('equals: pro', 'equals: enterprise') })), [
    {
      project: 'web-app',
      flag: 'a',
      environment: 'production',
      name: 'pros see it',
      expected: { variant: 'on', rule: 'pros' },
      got: { variant: 'off', rule: null },
    },
  ]);
});

test('a new case that fails is told; one that is mended in the same write is not', () => {
  const more = `${CASES}- { name: new, environment: production, expect: { variant: on } }\n`;
  assert.equal(names(changed({ 'tests/a.yaml': more })), ['a: new']);
  const narrowed = FLAG.replace('equals: pro', 'equals: enterprise');
  const mended = CASES.replace('plan: pro', 'plan: enterprise');
  assert.equal(names(changed({ 'flags/a.yaml': narrowed, 'tests/a.yaml': mended })), []);
  assert.equal(names(changed({ 'flags/a.yaml': narrowed, 'tests/a.yaml': '[]\n' })), []);
});

test('a case that names no environment is asked in another default one', () => {
  const unnamed = CASES.replaceAll(' environment: production,', '');
  const before = changed({ 'tests/a.yaml': unnamed, 'project.yaml': ENVIRONMENTS });
  assert.equal(names(before, before), []);
  const moved = `${ENVIRONMENTS}defaultEnvironment: staging\n`;
  const broken = ['a: pros see it', 'a: others do not'];
  assert.equal(names({ ...before, ...webApp({ 'project.yaml': moved }) }, before), broken);
});

test('what failed before is no reason to refuse', () => {
  const failing = changed({ 'tests/a.yaml': CASES.replace('variant: off', 'variant: on') });
  const after = { ...failing, ...webApp({ 'flags/a.yaml': `name: A\n${FLAG}` }) };
  assert.equal(names(after, failing), []);
  assert.equal(names(failing, undefined), ['a: others do not']);
});

test('an override, a segment and a required flag break a case of another file', () => {
  assert.equal(
    names(
      changed({
        'overrides/a.yaml': '- { users: [u-1] }\n',
        'tests/a.yaml': `${CASES}${CASES.replaceAll('name: ', 'name: again ').replaceAll('context: { ', 'context: { targetingKey: u-1, ').replaceAll('production, expect', 'production, context: { targetingKey: u-1 }, expect')}`,
      }),
    ),
    ['a: again pros see it', 'a: again others do not'],
  );
  const asks = webApp({
    'flags/a.yaml': FLAG.replace('    rules:', '    requires: [b]\n    segments: [s]\n    rules:'),
    'tests/a.yaml': CASES,
    'flags/b.yaml': 'environments:\n  production: { enabled: true }\n',
    'segments/s.yaml': 'include: { users: [u-9] }\n',
  });
  assert.equal(names(asks, asks), []);
  const served = {
    ...asks,
    'web-app/flags/b.yaml': 'environments:\n  production: { enabled: true, serve: off }\n',
  };
  assert.equal(names(served, asks), ['a: pros see it']);
  const segment = {
    ...asks,
    'web-app/segments/s.yaml': 'when: [{ attribute: targetingKey, exists: false }]\n',
  };
  assert.equal(names(segment, asks), ['a: pros see it', 'a: others do not']);
});

test('state is no targeting: killing, switching on and off break no case, of the flag or of others (DESIGN 6)', () => {
  const asks = webApp({
    'flags/a.yaml': FLAG.replace('    rules:', '    requires: [b]\n    rules:'),
    'tests/a.yaml': CASES,
    'flags/b.yaml': 'environments:\n  production: { enabled: true }\n',
  });
  for (const state of ['{ enabled: false }', '{ enabled: true, killed: true }']) {
    const killed = { ...asks, 'web-app/flags/b.yaml': `environments:\n  production: ${state}\n` };
    assert.equal(names(killed, asks), [], state);
    const both = {
      ...killed,
      'web-app/flags/a.yaml': asks['web-app/flags/a.yaml']?.replace('equals: pro', 'equals: x') ?? '',
    };
    assert.equal(names(both, asks), ['a: pros see it'], 'what is not state is told beside it');
  }
  assert.equal(
    names(changed({ 'flags/a.yaml': FLAG.replace('enabled: false', 'enabled: true\n    killed: true') })),
    [],
  );
});

test('a write is followed through flags that ask each other in different environments, in whatever order they stand', () => {
  const caseOf = (environment: string) =>
    `- { name: on, environment: ${environment}, context: { targetingKey: u }, expect: { variant: on } }\n`;
  const asks = webApp({
    'project.yaml': ENVIRONMENTS,
    'flags/a.yaml':
      'environments:\n  production: { enabled: true, requires: [b] }\n  staging: { enabled: true, requires: [c] }\n',
    'flags/b.yaml':
      'environments:\n  production: { enabled: true }\n  staging: { enabled: true, requires: [a] }\n',
    'flags/c.yaml': 'environments:\n  staging: { enabled: true }\n',
    'tests/a.yaml': caseOf('production'),
    'tests/b.yaml': caseOf('staging'),
  });
  assert.equal(names(asks, asks), []);
  const served = webApp({ 'flags/c.yaml': 'environments:\n  staging: { enabled: true, serve: off }\n' });
  assert.equal(names({ ...asks, ...served }, asks), ['b: on']);
});

test.run();
