import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffFiles } from '../../../src/changes/difference-files.js';
import { shownAddress } from '../../../src/model/webhook.js';
import { filePair } from './file-pair.js';
import { differencesIn, PATHS, told } from './told.js';

const LAYOUT = ['layout changed, the meaning is the same'];

function overrides(before: string | null, after: string | null): readonly string[] {
  return told(PATHS.overrides, before, after);
}

test('overrides are told by name, with their environment in front', () => {
  assert.equal(
    overrides('[{ companies: [company-9], serve: off }, { users: [u-1] }]', '[{ users: [u-1] }]'),
    ['override for company-9 removed'],
  );
  assert.equal(
    overrides('[{ users: [u-123], serve: on }]', '[{ users: [u-123], serve: off, until: 2027-01-31 }]'),
    ['override for u-123: on → off, until 2027-01-31'],
  );
  assert.equal(overrides(null, '[{ users: [u-1, u-2], serve: null }]'), [
    "override for u-1 added: the caller's own default",
    "override for u-2 added: the caller's own default",
  ]);
  assert.equal(overrides('[{ users: [u-1] }]', null), ['override for u-1 removed']);
  assert.equal(
    overrides('[]', '[{ companies: [c-1], environments: [staging, production], until: 2027-01-31 }]'),
    [
      'staging: override for c-1 added: on, until 2027-01-31',
      'production: override for c-1 added: on, until 2027-01-31',
    ],
  );
  assert.equal(
    overrides('[{ users: [u-1], until: 2027-01-31, reason: a }]', '[{ users: [u-1], reason: b }]'),
    ['override for u-1: no longer until 2027-01-31, reason changed'],
  );
});

test('an override for all environments that becomes one for some is one change', () => {
  const [all, some] = ['[{ users: [u-1] }]', '[{ users: [u-1], environments: [production], serve: off }]'];
  assert.equal(overrides(all, some), ['production: override for u-1: off (was on everywhere)']);
  assert.equal(overrides(some, all), ['override for u-1: on everywhere (was off in production)']);
});

test('the order of overrides counts between entries with users only, since a caller may have two names', () => {
  const [one, two] = ['{ users: [u-1, u-2] }', '{ users: [a@example.com], serve: off }'];
  const company = '{ companies: [c-1] }';
  assert.equal(overrides(`[${one}, ${two}, ${company}]`, `[${two}, ${one}, ${company}]`), [
    'override for a@example.com moved up to entry 1',
  ]);
  assert.equal(overrides(`[${one}, ${company}]`, `[${company}, ${one}]`), LAYOUT);
  assert.equal(overrides(`[${one}]`, '[{ users: [u-2] }, { users: [u-1], serve: on }]'), LAYOUT);
  assert.equal(overrides('[{ users: [Marc@Example.com] }]', '[{ users: [marc@example.com] }]'), LAYOUT);
});

test('a segment is told by its members and conditions', () => {
  const segment = (before: string, after: string): readonly string[] => told(PATHS.segment, before, after);
  assert.equal(segment('description: a\n', 'description: a\nactive: false\n'), ['now inactive']);
  assert.equal(segment('active: false', 'active: true'), ['now active']);
  assert.equal(segment('include: { users: [u-8] }', 'include: { users: [u-7], companies: [c-1] }'), [
    'u-7 included',
    'u-8 no longer included',
    'c-1 included',
  ]);
  assert.equal(segment('active: true', 'exclude: { users: [u-9] }'), ['u-9 excluded']);
  assert.equal(segment('exclude: { companies: [c-1] }', 'active: true'), ['c-1 no longer excluded']);
  const when = 'when: [{ attribute: email, endsWith: "@acme.com", ignoreCase: true }]';
  assert.equal(segment('active: true', when), [
    'members now by condition too: email ends with @acme.com in any case',
  ]);
  assert.equal(segment(when, 'active: true'), [
    'members by name only (was email ends with @acme.com in any case)',
  ]);
  assert.equal(segment('active: true', 'name: beta-testers'), LAYOUT);
  assert.equal(
    segment('include: { users: [a@Example.com, u-1] }', 'include: { users: [u-1, a@example.com] }'),
    LAYOUT,
  );
  assert.equal(segment('include: { companies: [Acme] }', 'include: { companies: [acme] }'), [
    'acme included',
    'Acme no longer included',
  ]);
});

test('tests are told by their names', () => {
  const tests = (before: string | null, after: string | null): readonly string[] =>
    told(PATHS.tests, before, after);
  const berlin = '{ name: Berlin pro sees it, context: { country: DE }, expect: { variant: on } }';
  assert.equal(tests(null, `[${berlin}]`), ['test "Berlin pro sees it" added']);
  assert.equal(tests(`[${berlin}]`, null), ['test "Berlin pro sees it" removed']);
  assert.equal(
    tests(
      `[${berlin}]`,
      '[{ name: Berlin pro sees it, context: { country: AT, plan: pro }, expect: { variant: off } }]',
    ),
    [
      'test "Berlin pro sees it": expect.variant on → off, context.country DE → AT and context.plan added: pro',
    ],
  );
  assert.equal(
    tests(
      '[{ name: a, expect: { value: 1 } }]',
      '[{ name: a, enabled: true, context: {}, expect: { value: 1 } }]',
    ),
    LAYOUT,
  );
});

test('a project is told by its environments and attributes', () => {
  const project = (before: string, after: string): readonly string[] => told(PATHS.project, before, after);
  const base = 'environments: [development, production]';
  assert.equal(project(base, 'environments: [development, staging, production]'), [
    'environment staging added',
  ]);
  assert.equal(project('environments: [development, staging, production]', base), [
    'environment staging removed',
  ]);
  assert.equal(project(base, 'environments: [production, development]'), [
    'environment production moved before development',
  ]);
  assert.equal(project('environments: [a, b]', 'environments: [b, a]'), [
    'environment b moved before a',
    'default environment b → a',
  ]);
  assert.equal(project(base, 'environments: [development, { key: production, name: Live }]'), [
    'environment production name production → Live',
  ]);
  assert.equal(project(base, `${base}\nattributes: { plan: [free, pro] }`), [
    'attribute plan declared: one of free, pro',
  ]);
  assert.equal(
    project(`${base}\nattributes: { plan: [free] }`, `${base}\nattributes: { plan: [free, pro] }`),
    ['attribute plan: one of free → one of free, pro'],
  );
  const HOOK = shownAddress('https://a.example.com/x');
  const hooked = (more: string): string => `${base}\nwebhooks: [{ url: https://a.example.com/x${more} }]`;
  assert.equal(project(base, hooked('')), [`webhook ${HOOK} added`]);
  assert.equal(project(hooked(''), base), [`webhook ${HOOK} removed`]);
  assert.equal(project(hooked(''), hooked(', events: [flag], environments: [production]')), [
    `webhook ${HOOK} only events flag, only environments production`,
  ]);
  assert.equal(project(hooked(', events: [flag]'), hooked(', events: [tests], description: a')), [
    `webhook ${HOOK} events: tests added, flag removed, description changed`,
  ]);
  assert.equal(project(hooked(', events: [flag]'), hooked('')), [`webhook ${HOOK} all events`]);
  const recorded = (more: string): string => `${base}\nrecording: { production: { percentage: 1${more} } }`;
  assert.equal(project(base, recorded(', attributes: [plan, country], hashed: [deviceId]')), [
    'production: recording of 1 % begins: plan, country; hashed: deviceId',
  ]);
  assert.equal(project(recorded(''), base), ['production: recording ends']);
  assert.equal(project(recorded(', attributes: [plan]'), recorded('.5, attributes: [country]')), [
    'production: recording 1 % → 1.5 %, attributes: country added, plan removed',
  ]);
  assert.equal(project(base, `${base}\nattributes: {}`), ['attributes are declared: none']);
  assert.equal(project(base, `${base}\ndefaultEnvironment: production`), LAYOUT);
});

test('of the addresses of webhooks no more is told than the origin and a digest: they may be as good as passwords', () => {
  const base = 'environments: [production]';
  const hooked = `${base}\nwebhooks: [{ url: https://a.example.com/T4711 }]`;
  const versions = [
    [base, hooked],
    [hooked, `${base}\nwebhooks: [{ url: https://a.example.com/T4711, events: [flag] }]`],
    [hooked, base],
    [null, hooked],
    [hooked, null],
    [hooked, 'environments: ['],
  ] as const;
  for (const [before, after] of versions) {
    const differences = JSON.stringify(diffFiles([filePair(PATHS.project, before, after)]));
    assert.match(differences, 'https://a.example.com#');
    assert.not.match(differences, 'T4711');
  }
});

test('an organization is told by its people', () => {
  const org = (before: string, after: string): readonly string[] => told(PATHS.org, before, after);
  const marc = (permissions: string): string =>
    `members: [{ email: marc@example.com, permissions: [${permissions}] }]`;
  assert.equal(org('name: Acme', `name: Acme\n${marc('"org:admin"')}`), [
    'member marc@example.com added: org:admin',
  ]);
  assert.equal(org(marc('"org:admin"'), marc('"org:member"')), [
    'member marc@example.com: org:member added, org:admin removed',
  ]);
  assert.equal(
    org(
      'groups: [{ key: ops }]',
      'groups: [{ key: ops, name: Operators, members: [a@example.com], permissions: ["org:member"] }]',
    ),
    ['group ops: a@example.com added, permissions org:member added, name ops → Operators'],
  );
  assert.equal(org('invitations: [{ email: a@example.com }]', 'invitations: []'), [
    'invitation of a@example.com removed',
  ]);
  assert.equal(org('members: [{ email: a@Example.com }]', 'members: [{ email: a@example.com }]'), LAYOUT);
  assert.equal(org('name: A', 'name: A\ndefaultProject: web-app'), ['default project added: web-app']);
});

test('settings are told', () => {
  assert.equal(told(PATHS.settings, 'defaultOrg: acme', 'defaultOrg: other'), [
    'default organization acme → other',
  ]);
});

test('levels of checks and rules of the policy are told one by one', () => {
  const before = 'checks: { EXPIRED: warning, STYLE: off }\npolicy: { ramp: { points: 20 } }';
  const after = 'checks: { EXPIRED: error }\npolicy: { ramp: { points: 30 }, fullyOnDays: 60 }';
  assert.equal(told(PATHS.settings, before, after), [
    'check EXPIRED warning → error',
    'check STYLE removed (was off)',
    'policy ramp.points 20 → 30',
    'policy fullyOnDays added: 60',
  ]);
});

test('API keys are told by name and prefix, never by hash', () => {
  const key = (hash: string, prefix: string): string =>
    `[{ id: key_1, name: Backend, environment: production, kind: server, hash: ${hash.repeat(64)}, prefix: ${prefix} }]`;
  const cases = [
    differencesIn(PATHS.apiKeys, null, key('a', 'fs_server_ab12')),
    differencesIn(PATHS.apiKeys, key('a', 'fs_server_ab12'), key('b', 'fs_server_cd34')),
    differencesIn(PATHS.apiKeys, key('a', 'fs_server_ab12'), '[]'),
  ];
  assert.equal(
    cases.flat().map(({ sentence }) => sentence),
    [
      'production: server key "Backend" (fs_server_ab12) added',
      'production: server key "Backend" (fs_server_cd34) replaced (was fs_server_ab12)',
      'production: server key "Backend" (fs_server_ab12) removed',
    ],
  );
  const rotated = (previous: string): string =>
    key('b', 'fs_server_cd34').replace(' }]', `, previous: { ${previous} } }]`);
  const old = `hash: ${'a'.repeat(64)}, prefix: fs_server_ab12, until: 2026-01-16T10:00:00Z`;
  const rotation = differencesIn(PATHS.apiKeys, key('a', 'fs_server_ab12'), rotated(old));
  const later = differencesIn(PATHS.apiKeys, rotated(old), rotated(old.replace('-16T', '-17T')));
  const other = differencesIn(
    PATHS.apiKeys,
    rotated(old),
    rotated(old.replace('a'.repeat(64), 'c'.repeat(64))),
  );
  assert.equal(
    [...rotation, ...later, ...other].map(({ sentence }) => sentence),
    [
      'production: server key "Backend" (fs_server_cd34) replaced (was fs_server_ab12), replaced key added: "fs_server_ab12 until 2026-01-16T10:00:00Z"',
      'production: server key "Backend" (fs_server_cd34) replaced key opens until 2026-01-16T10:00:00Z → 2026-01-17T10:00:00Z',
      'production: server key "Backend" (fs_server_cd34) replaced key is another: fs_server_ab12 until 2026-01-16T10:00:00Z, now fs_server_ab12 until 2026-01-16T10:00:00Z',
    ],
  );
  const broken = diffFiles([filePair(PATHS.apiKeys, key('a', 'fs_server_ab12'), '{')]);
  assert.not.match(JSON.stringify([cases, rotation, later, other, broken]), /a{64}|b{64}|c{64}/);
});

test.run();
