import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { PATHS, told } from './told.js';

const BASE = 'environments: { production: { enabled: true } }\n';

/** The sentences between two flags that differ in fields of the file. */
function fields(before: string, after: string): readonly string[] {
  return told(PATHS.flag, `${BASE}${before}\n`, `${BASE}${after}\n`);
}

/** The sentences between two flags with the variants on, off and blue that differ in production's state. */
function states(before: string, after: string): readonly string[] {
  const flag = (state: string): string =>
    `type: string\nvariants: { on: a, off: b, blue: c }\nenvironments: { production: { ${state} } }\n`;
  return told(PATHS.flag, flag(before), flag(after));
}

const LAYOUT = ['layout changed, the meaning is the same'];

test('fields of a flag are told by what they mean to people', () => {
  assert.equal(fields('', 'description: Redesigned'), ['description added']);
  assert.equal(fields('description: Old', 'description: New'), ['description changed']);
  assert.equal(fields('description: Old', ''), ['description removed']);
  assert.equal(fields('', 'name: New checkout'), ['name new-checkout → "New checkout"']);
  assert.equal(fields('owner: team-a', 'owner: team-b'), ['owner team-a → team-b']);
  assert.equal(fields('', 'owner: team-a'), ['owner added: team-a']);
  assert.equal(fields('owner: team-a', ''), ['owner removed (was team-a)']);
  assert.equal(fields('', 'status: active'), ['status development → active']);
  assert.equal(fields('tags: [web, old]', 'tags: [api, web, shop]'), [
    'tags: api and shop added, old removed',
  ]);
  assert.equal(fields('', 'expires: 2027-03-01'), ['expires 2027-03-01']);
  assert.equal(fields('expires: 2027-03-01', 'expires: 2027-04-01'), ['expires 2027-04-01 (was 2027-03-01)']);
  assert.equal(fields('expires: 2027-03-01', ''), ['no longer expires (was 2027-03-01)']);
  assert.equal(fields('', 'client: true'), ['now open to browsers and other clients']);
  assert.equal(fields('client: true', ''), ['no longer open to browsers and other clients']);
  assert.equal(fields('metadata: { ticket: "5" }', 'metadata: { ticket: 5 }'), ['metadata ticket "5" → 5']);
  assert.equal(fields('', 'metadata: { ticket: PAY-1 }'), ['metadata ticket added: PAY-1']);
  assert.equal(fields('', 'salt: other'), ['salt changed: people are placed anew']);
  assert.equal(fields('', 'bucketBy: companyId'), ['people are placed by companyId (was targetingKey)']);
  assert.equal(fields('', 'offVariant: on'), ['off variant off → on']);
  assert.equal(fields('id: flg_1', 'id: flg_2'), ['id flg_1 → flg_2']);
  assert.equal(fields('createdAt: 2026-01-15T10:00:00Z', 'createdAt: 2026-01-16T10:00:00Z'), [
    'creation time 2026-01-15T10:00:00Z → 2026-01-16T10:00:00Z',
  ]);
});

test('variants and the type are told with their values', () => {
  const blue = (value: string): string =>
    `type: string\noffVariant: off\nvariants: { on: a, off: b, blue: "${value}" }`;
  assert.equal(fields(blue('#00f'), blue('#03f')), ['variant blue: #00f → #03f']);
  assert.equal(fields('', 'type: number\nvariants: { on: 1, off: 0 }'), [
    'type boolean → number',
    'variant on: true → 1',
    'variant off: false → 0',
  ]);
  assert.equal(
    fields('variants: { on: true, off: false }', 'variants: { on: true, off: false, also: true }'),
    ['variant also added: true'],
  );
  assert.equal(fields('', 'variants: { on: true }'), [
    'variant off removed (was false)',
    'off variant off → none',
  ]);
});

test('switches of an environment are told as what people call them', () => {
  assert.equal(states('enabled: false', 'enabled: true'), ['production: enabled']);
  assert.equal(states('enabled: true', 'enabled: false'), ['production: disabled']);
  assert.equal(states('enabled: true', 'enabled: true, killed: true'), ['production: killed']);
  assert.equal(states('enabled: true, killed: true', 'enabled: true'), ['production: no longer killed']);
  assert.equal(states('enabled: true', 'enabled: true, offVariant: blue'), [
    'production: off variant off → blue',
  ]);
});

test('a serve and a split are told in per cent of the sum, exact or with one decimal', () => {
  const serves = (before: string, after: string): readonly string[] =>
    states(`enabled: true, serve: ${before}`, `enabled: true, serve: ${after}`);
  assert.equal(serves('off', '{ on: 20, off: 80 }'), ['production: serves 20 % on, 80 % off (was off)']);
  assert.equal(serves('off', '{ on: 1, off: 7 }'), ['production: serves 12.5 % on, 87.5 % off (was off)']);
  assert.equal(serves('off', '{ on: 1, off: 2 }'), ['production: serves 33.3 % on, 66.7 % off (was off)']);
  assert.equal(serves('off', '{ on: 1, off: 99998 }'), [
    'production: serves <0.1 % on, >99.9 % off (was off)',
  ]);
  assert.equal(serves('{ on: 33334, off: 66667 }', '{ on: 33335, off: 66667 }'), [
    'production: serves weights 33335 on, 66667 off (was weights 33334 on, 66667 off)',
  ]);
  assert.equal(serves('{ on: 20, off: 80 }', '{ off: 80, on: 20 }'), [
    'production: serves 80 % off, 20 % on (was 20 % on, 80 % off)',
  ]);
  assert.equal(serves('off', 'null'), ["production: serves the caller's own default (was off)"]);
  assert.equal(states('enabled: true', 'enabled: true, serve: off'), ['production: serves off (was on)']);
});

test('what was served is told only where something was: left out it is on, where there is such a variant', () => {
  const themes = (before: string, after: string): readonly string[] => {
    const flag = (environments: string): string =>
      `type: string\nvariants: { light: a, dark: b }\nenvironments: { ${environments} }\n`;
    return told(PATHS.flag, flag(before), flag(after));
  };
  const both = 'production: { enabled: false, serve: { light: 1, dark: 1 } }';
  assert.equal(themes('', both), ['production: serves 50 % light, 50 % dark']);
  assert.equal(themes(both, ''), ['production: no longer serves 50 % light, 50 % dark']);
  assert.equal(themes('', 'production: { enabled: false, serve: null }'), [
    "production: serves the caller's own default",
  ]);
});

test('rules are told by id: what is new in them, and where they stand', () => {
  const rules = (before: string, after: string): readonly string[] =>
    states(`enabled: true, rules: [${before}]`, `enabled: true, rules: [${after}]`);
  const german = '{ attribute: country, equals: DE }';
  assert.equal(rules('{ id: canary, percentage: 5 }', '{ id: canary, percentage: 20 }'), [
    'production: rollout of canary 5 % → 20 %',
  ]);
  assert.equal(rules('{ id: canary, percentage: 12.5 }', '{ id: canary }'), [
    'production: rollout of canary 12.5 % → 100 %',
  ]);
  assert.equal(
    rules('', `{ id: german-pros, when: [${german}, { attribute: plan, in: [pro, enterprise] }] }`),
    ['production: rule german-pros added: country equals DE and plan in pro, enterprise → on'],
  );
  assert.equal(rules('', `{ id: a, when: [${german}], percentage: 20, bucketBy: companyId, serve: blue }`), [
    'production: rule a added: country equals DE, 20 % by companyId → blue',
  ]);
  assert.equal(rules('', '{ id: a, serve: { on: 1, off: 3 } }'), [
    'production: rule a added: everyone → 25 % on, 75 % off',
  ]);
  assert.equal(rules('{ id: a }', ''), ['production: rule a removed']);
  assert.equal(
    rules(
      '{ id: a, percentage: 1 }, { id: b, percentage: 2 }, { id: c, percentage: 3 }',
      '{ id: c, percentage: 3 }, { id: a, percentage: 1 }, { id: b, percentage: 2 }',
    ),
    ['production: rule c moved before a'],
  );
  assert.equal(
    rules(
      '{ id: a, percentage: 1 }, { id: b, percentage: 2 }, { id: c, percentage: 3 }',
      '{ id: b, percentage: 2 }, { id: c, percentage: 3 }, { id: a, percentage: 9 }',
    ),
    ['production: rule a moved to the end', 'production: rollout of a 1 % → 9 %'],
  );
  assert.equal(rules('{ id: a, serve: blue }', '{ id: a }'), ['production: rule a serves on (was blue)']);
  assert.equal(rules('{ id: a }', '{ id: a, bucketBy: companyId }'), [
    'production: rule a places people by companyId (was targetingKey)',
  ]);
  assert.equal(rules('{ id: a }', '{ id: a, description: Why }'), [
    'production: description of rule a added',
  ]);
});

test('conditions are told by what came and went', () => {
  const when = (before: string, after: string): readonly string[] =>
    states(`enabled: true, rules: [{ id: a${before} }]`, `enabled: true, rules: [{ id: a${after} }]`);
  const [de, pro] = ['{ attribute: country, equals: DE }', '{ attribute: plan, in: [pro] }'];
  assert.equal(when('', `, when: [${de}]`), ['production: rule a: now only for country equals DE']);
  assert.equal(when(`, when: [${de}]`, ''), ['production: rule a: now for everyone (was country equals DE)']);
  assert.equal(when(`, when: [${de}]`, `, when: [${pro}, ${de}]`), [
    'production: rule a: condition plan in pro added',
  ]);
  assert.equal(when(`, when: [${pro}, ${de}]`, `, when: [${de}]`), [
    'production: rule a: condition plan in pro removed',
  ]);
  assert.equal(when(`, when: [${de}, ${pro}]`, `, when: [${de}, { attribute: plan, in: [pro, free] }]`), [
    'production: rule a: plan in pro → plan in pro, free',
  ]);
  assert.equal(when(`, when: [${de}]`, `, when: [{ not: { any: [${de}, { segment: internal }] } }]`), [
    'production: rule a: country equals DE → not (country equals DE or in segment internal)',
  ]);
});

test('a long list is cut where it begins to differ', () => {
  const users = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  const rule = (names: readonly string[]): string =>
    `enabled: true, rules: [{ id: a, when: [{ attribute: userId, in: [${names.join(', ')}] }] }]`;
  const [sentence = ''] = states(rule(users), rule(users.with(70, 'other-70')));
  assert.match(
    sentence,
    /^production: rule a: ….{0,12}user-70, .{100,160}… → ….{0,12}other-70, .{100,160}…$/,
  );
});

test('attachments and requirements are told in words of their own', () => {
  const all = 'enabled: true, serve: blue';
  assert.equal(states(all, `${all}, segments: [beta-testers]`), [
    'production: segment beta-testers attached',
  ]);
  assert.equal(states(all, `${all}, segments: [{ segment: beta, serve: blue }]`), [
    'production: segment beta attached, its members get blue',
  ]);
  assert.equal(states(`${all}, segments: [beta]`, all), ['production: segment beta detached']);
  assert.equal(states(`${all}, segments: [beta]`, `${all}, segments: [{ segment: beta, serve: off }]`), [
    'production: members of segment beta get off (was on)',
  ]);
  assert.equal(states(`${all}, segments: [a, b]`, `${all}, segments: [b, a]`), [
    'production: segment b moved before a',
  ]);
  assert.equal(states(all, `${all}, requires: [layout-v2, { flag: theme, variant: dark }]`), [
    'production: requires layout-v2',
    'production: requires theme to give dark',
  ]);
  assert.equal(states(`${all}, requires: [theme]`, `${all}, requires: [{ flag: theme, variant: dark }]`), [
    'production: requires theme to give dark (was on)',
  ]);
  assert.equal(states(`${all}, requires: [theme]`, all), ['production: no longer requires theme']);
});

test('what is written in another way but means the same is layout, once', () => {
  assert.equal(fields('', 'type: boolean'), LAYOUT);
  assert.equal(
    fields('', 'salt: new-checkout\nname: new-checkout\nbucketBy: targetingKey\nclient: false'),
    LAYOUT,
  );
  assert.equal(
    fields('', 'variants: { off: false, on: true }\noffVariant: off\nstatus: development'),
    LAYOUT,
  );
  assert.equal(fields('', '# why'), LAYOUT);
  assert.equal(fields('tags: [a, b]', 'tags: [b, a]'), LAYOUT);
  assert.equal(fields('createdAt: 2026-01-15T10:00:00Z', 'createdAt: 2026-01-15T11:00:00+01:00'), LAYOUT);
  assert.equal(
    told(PATHS.flag, BASE, 'environments: { production: { enabled: true }, staging: { enabled: false } }'),
    LAYOUT,
  );
  assert.equal(
    states('enabled: true', 'enabled: true, killed: false, segments: [], serve: on, offVariant: off'),
    LAYOUT,
  );
  assert.equal(
    states('enabled: true, segments: [beta]', 'enabled: true, segments: [{ segment: beta }, beta]'),
    LAYOUT,
  );
  assert.equal(
    states('enabled: true, requires: [a, b]', 'enabled: true, requires: [{ flag: b, variant: on }, a]'),
    LAYOUT,
  );
  assert.equal(
    states('enabled: true, serve: { on: 1, off: 4 }', 'enabled: true, serve: { on: 20, off: 80 }'),
    LAYOUT,
  );
  assert.equal(states('enabled: true, serve: off', 'enabled: true, serve: { off: 5, on: 0 }'), LAYOUT);
  assert.equal(
    states(
      'enabled: true, rules: [{ id: a, when: [{ attribute: x, in: [1, 2] }, { attribute: y, cidr: 10.0.0.0/8 }] }]',
      'enabled: true, rules: [{ id: a, percentage: 100, when: [{ attribute: y, cidr: [10.0.0.0/8] }, { in: [2, 1], attribute: x }] }]',
    ),
    LAYOUT,
  );
});

test('text that does not show, or would break the line, is told as escapes', () => {
  assert.equal(fields('owner: a', 'owner: "a\\u202Eb\\nc\\e[1m"'), ['owner a → "a\\u{202e}b\\nc\\u001b[1m"']);
});

test.run();
