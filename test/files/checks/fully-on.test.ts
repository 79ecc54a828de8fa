import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { flagsFullyOn } from '../../../src/files/checks/fully-on.js';
import { toldOf } from '../../changes/checks/checked.js';
import { loadTexts, NOW, type Texts, webApp } from '../org-files.js';

const test = suite('flags that give everybody the same');
const DAY_MS = 86_400_000;
const EVERYWHERE = 'environments:\n  staging: { enabled: true }\n  production: { enabled: true }\n';
const PATH = 'flags/acme/web-app/flags/it.yaml';

function told(texts: Texts, days: number, config = {}): readonly string[] {
  const lastChanges = new Map([[PATH, NOW - days * DAY_MS]]);
  return toldOf({ config, after: webApp(texts), lastChanges });
}

test('a flag that everybody has had for more than thirty days is reported, with the day', () => {
  const texts = { 'flags/it.yaml': EVERYWHERE };
  assert.equal(told(texts, 31), [
    'flags/it.yaml:1 warning FULLY_ON: everybody in every environment has got on since 2026-05-01 at the latest, for more than 30 days',
  ]);
  assert.equal(told(texts, 29), []);
});

test('the policy sets the days, and a level can turn it off', () => {
  const texts = { 'flags/it.yaml': EVERYWHERE };
  assert.is(told(texts, 8, { policy: { fullyOnDays: 7 } }).length, 1);
  assert.is(told(texts, 89, { policy: { fullyOnDays: 90 } }).length, 0);
  assert.is(told(texts, 31, { checks: { FULLY_ON: 'off' } }).length, 0);
});

test('whoever may get something else, or a day of removal to come, keeps a flag from being reported', () => {
  const still: readonly Texts[] = [
    { 'flags/it.yaml': 'environments:\n  production: { enabled: true }\n' },
    { 'flags/it.yaml': EVERYWHERE.replace('true', 'false') },
    { 'flags/it.yaml': EVERYWHERE.replace('true', 'true, killed: true') },
    { 'flags/it.yaml': EVERYWHERE.replace('true', 'true, serve: off') },
    { 'flags/it.yaml': EVERYWHERE.replace('true', 'true, serve: null') },
    { 'flags/it.yaml': EVERYWHERE.replace('true', 'true, serve: { on: 9, off: 1 }') },
    { 'flags/it.yaml': EVERYWHERE.replace('true', 'true, rules: [{ id: dark, percentage: 5, serve: off }]') },
    { 'flags/it.yaml': EVERYWHERE.replaceAll('true', 'true, serve: off') },
    { 'flags/it.yaml': `expires: 2026-12-31\n${EVERYWHERE}` },
    { 'flags/it.yaml': EVERYWHERE, 'overrides/it.yaml': '- { users: [u-1], serve: off }\n' },
    {
      'flags/it.yaml': EVERYWHERE.replace('true', 'true, requires: [base]'),
      'flags/base.yaml': 'environments: {}\n',
    },
  ];
  for (const texts of still) assert.equal(told(texts, 100), [], JSON.stringify(texts));
});

test('rules, segments and overrides that give the same, or count no more, do not keep it', () => {
  const same: readonly Texts[] = [
    { 'flags/it.yaml': EVERYWHERE.replace('true', 'true, rules: [{ id: all, percentage: 5 }]') },
    { 'flags/it.yaml': EVERYWHERE, 'overrides/it.yaml': '- { users: [u-1] }\n' },
    {
      'flags/it.yaml': EVERYWHERE,
      'overrides/it.yaml': '- { users: [u-1], serve: off, until: 2026-01-31 }\n',
    },
  ];
  for (const texts of same) assert.is(told(texts, 100).length, 1, JSON.stringify(texts));
});

test('a flag counts from the end of the last override that gave something else', () => {
  const until = (day: string, serve: string): Texts => ({
    'flags/it.yaml': EVERYWHERE,
    'overrides/it.yaml': `- { users: [u-1], serve: ${serve}, until: ${day} }\n- { users: [u-2], serve: off, until: 2026-01-31 }\n`,
  });
  assert.equal(told(until('2026-05-20', 'off'), 100), []);
  assert.match(told(until('2026-04-20', 'off'), 100).join(), 'got on since 2026-04-21 at the latest');
  assert.match(told(until('2026-05-20', 'on'), 100).join(), 'got on since 2026-02-21 at the latest');
});

test('the flags whose age is wanted are those that everybody has', () => {
  const { snapshot } = loadTexts(
    webApp({
      'flags/it.yaml': EVERYWHERE,
      'flags/other.yaml': 'environments:\n  production: { enabled: true }\n',
      'overrides/it.yaml': '- { users: [u-1] }\n',
    }),
  );
  const found = flagsFullyOn(snapshot === undefined ? [] : [snapshot], NOW);
  assert.equal(
    found.map(({ project, flag }) => [project.key, flag.path]),
    [['web-app', PATH]],
  );
});

test('a flag of unknown age is not reported', () => {
  const after = webApp({ 'flags/it.yaml': EVERYWHERE });
  assert.equal(toldOf({ after, lastChanges: new Map() }), []);
  assert.equal(toldOf({ after }), []);
});

test.run();
