import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { EnvironmentKey } from '../../src/model/keys.js';
import type { EnvironmentEntry } from '../../src/model/project.js';
import { project } from './drafted.js';
import { effective, orgFailure, orgOf, orgTexts } from './drafted-org.js';

const test = suite('environments (004, "Environments")');

const PROJECT = '# In the order of promotion.\nenvironments: [development, staging, production] # three\n';
const FILES = { 'web-app/project.yaml': PROJECT };

function create(environment: EnvironmentEntry): Change {
  return { kind: 'environment.create', project, environment };
}

function rename(environment: string, name: string): Change {
  const edits = [{ at: ['name'], set: name }];
  return { kind: 'environment.update', project, environment: environment as EnvironmentKey, edits };
}

function remove(environment: string, cascade = false): Change {
  return { kind: 'environment.delete', project, environment: environment as EnvironmentKey, cascade };
}

/** The file of the project, with other environments. */
function listing(environments: string): string {
  return PROJECT.replace('[development, staging, production]', environments);
}

test('a new environment is the last of the list, as a key alone where it has no name', () => {
  assert.equal(orgTexts(orgOf(FILES), create({ key: 'qa' })), {
    'web-app/project.yaml': listing('[development, staging, production, qa]'),
  });
  assert.equal(orgTexts(orgOf(FILES), create({ key: 'qa', name: 'Quality' })), {
    'web-app/project.yaml': listing('[development, staging, production, { key: qa, name: Quality }]'),
  });
  const block = 'environments:\n  # first\n  - development\n  - production # last\n';
  assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': block }), create({ key: 'qa' })), {
    'web-app/project.yaml': `${block}  - qa\n`,
  });
});

test('callers who name no environment go on to ask the one of before (DESIGN 7)', () => {
  const last = 'environments: [development, live]\n';
  assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': last }), create({ key: 'qa' })), {
    'web-app/project.yaml': 'environments: [development, live, qa]\ndefaultEnvironment: live\n',
  });
  assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': last }), create({ key: 'production' })), {
    'web-app/project.yaml': 'environments: [development, live, production]\ndefaultEnvironment: live\n',
  });
  const pinned = `${last}defaultEnvironment: development\n`;
  assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': pinned }), create({ key: 'qa' })), {
    'web-app/project.yaml': pinned.replace('live]', 'live, qa]'),
  });
});

test('what webhooks tell of an environment goes along with it, and one that tells of nothing else goes whole', () => {
  const webhooks = [
    'webhooks:',
    '  - { url: https://a.example.com, environments: [qa, production] }',
    '  - { url: https://b.example.com, environments: [qa] }',
    '  - { url: https://c.example.com }',
    '',
  ].join('\n');
  const file = `environments: [qa, production]\n${webhooks}`;
  assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': file }), remove('qa')), {
    'web-app/project.yaml': [
      'environments: [production]',
      'webhooks:',
      '  - { url: https://a.example.com, environments: [production] }',
      '  - { url: https://c.example.com }',
      '',
    ].join('\n'),
  });
});

test('what is recorded of an environment goes along with it', () => {
  const both = '  qa: { percentage: 1 }\n  production: { percentage: 1 }\n';
  for (const [recording, left] of [
    [`recording:\n${both}`, 'recording:\n  production: { percentage: 1 }\n'],
    ['recording:\n  qa: { percentage: 1 }\n', ''],
  ]) {
    const file = `environments: [qa, production]\n${recording}`;
    assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': file }), remove('qa')), {
      'web-app/project.yaml': `environments: [production]\n${left}`,
    });
  }
});

test('an environment gets a name whether it was a key or an entry, and keeps its key', () => {
  const change = rename('staging', 'Stage');
  const text = listing('[development, { key: staging, name: Stage }, production]');
  assert.equal(orgTexts(orgOf(FILES), change), { 'web-app/project.yaml': text });
  assert.equal(effective(orgOf({ 'web-app/project.yaml': text }), change), []);
  assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': text }), rename('staging', 'Last stop')), {
    'web-app/project.yaml': text.replace('Stage', 'Last stop'),
  });
  for (const edit of [
    { at: ['key'], set: 'qa' },
    { at: [], set: { key: 'qa' } },
  ]) {
    const failure = orgFailure(orgOf(FILES), { ...change, edits: [edit] } as Change);
    assert.is(`${failure.kind} ${failure.code}`, 'invalid FIXED_FIELD');
  }
});

const USED = {
  ...FILES,
  'web-app/flags/a.yaml':
    '# a\nenvironments:\n  staging: { enabled: true } # soon\n  # not yet\n  production: { enabled: false } # later\n',
  'web-app/flags/b.yaml': 'environments:\n  staging: { enabled: true }\n',
  'web-app/flags/c.yaml': 'description: staging of the rollout\nenvironments: {}\n',
  'web-app/overrides/a.yaml':
    '# dogs\n- { users: [u-1], environments: [staging, production] } # both\n- { users: [u-2], environments: [staging] }\n- { users: [u-3] }\n',
  'web-app/overrides/b.yaml': '- { users: [u-2], environments: [staging] }\n',
  'web-app/tests/a.yaml':
    '- { name: one, environment: staging, expect: { variant: on } }\n- { name: two, expect: { variant: on } }\n',
  'web-app/tests/b.yaml': '- { name: one, environment: staging, expect: { variant: on } }\n',
  'web-app/keys.yaml': `- { name: CI, environment: staging, kind: server, hash: ${'a'.repeat(64)}, prefix: fs_1 }
- { name: Web, environment: production, kind: client, hash: ${'b'.repeat(64)}, prefix: fs_2 } # shop
`,
  'mobile/flags/a.yaml': 'environments:\n  staging: { enabled: true }\n',
};

test('an environment that is named stays, and the refusal tells where', () => {
  const failure = orgFailure(orgOf(USED), remove('staging'));
  assert.is(`${failure.kind} ${failure.code}`, 'conflict ENVIRONMENT_IN_USE');
  assert.equal(failure.data.details, {
    flags: ['a', 'b'],
    overrides: ['a', 'b'],
    tests: ['a', 'b'],
    keys: ['CI'],
  });
  assert.is(
    failure.message,
    'environment staging cannot be deleted, it is named by 2 flags, 2 files of overrides, 2 files of tests, 1 API keys',
  );
});

test('with all that names it, it goes from every file, and comments of the rest stay', () => {
  const key = String(USED['web-app/keys.yaml']).split('\n')[1];
  assert.equal(orgTexts(orgOf(USED), remove('staging', true)), {
    'web-app/project.yaml': listing('[development, production]'),
    'web-app/flags/a.yaml': '# a\nenvironments:\n  # not yet\n  production: { enabled: false } # later\n',
    'web-app/flags/b.yaml': 'environments: {}\n',
    'web-app/overrides/a.yaml':
      '# dogs\n- { users: [u-1], environments: [production] } # both\n- { users: [u-3] }\n',
    'web-app/overrides/b.yaml': null,
    'web-app/tests/a.yaml': '- { name: two, expect: { variant: on } }\n',
    'web-app/tests/b.yaml': null,
    'web-app/keys.yaml': `${key}\n`,
  });
});

test('an environment that nothing names goes without more ado', () => {
  assert.equal(orgTexts(orgOf(FILES), remove('staging')), {
    'web-app/project.yaml': listing('[development, production]'),
  });
});

const ROLES = `# Who we are.
members:
  # The first one.
  - email: kim@example.com # builds it
    permissions:
      - org:member # everywhere
      - env:web-app/staging:admin
      - env:web-app/production:admin # live
  - { email: lee@example.com, permissions: [env:web-app/staging:member, project:web-app:admin, project:web-app-2:member] }
groups:
  - { key: testers, members: [kim@example.com], permissions: [env:web-app/staging-2:admin, env:web-app/staging:member] }
invitations:
  - { email: new@example.com, permissions: [env:web-app/staging:admin] } # soon
  - { email: old@example.com }
`;

test('what people may do in an environment goes with it: nobody gets a role by its key being used again (P15)', () => {
  const gone = ROLES.replace('      - env:web-app/staging:admin\n', '')
    .replace('env:web-app/staging:member, project', 'project')
    .replace(', env:web-app/staging:member]', ']')
    .replace('[env:web-app/staging:admin]', '[]');
  for (const cascade of [false, true]) {
    assert.equal(orgTexts(orgOf({ ...FILES, 'org.yaml': ROLES }), remove('staging', cascade)), {
      'web-app/project.yaml': listing('[development, production]'),
      'org.yaml': gone,
    });
  }
});

test('what another change of the set lets name it counts too', () => {
  const edits = [{ at: ['environments', 'staging'], set: { enabled: true } }];
  const use = { kind: 'flag.update', project, flag: 'c', edits } as unknown as Change;
  const files = { ...FILES, 'web-app/flags/c.yaml': 'environments: {}\n' };
  assert.equal(orgFailure(orgOf(files), use, remove('staging')).data.details, {
    flags: ['c'],
    overrides: [],
    tests: [],
    keys: [],
  });
  assert.equal(Object.keys(orgTexts(orgOf(files), use, remove('staging', true))), ['web-app/project.yaml']);
});

test('a file that nobody can read may name it, so it is to be repaired first', () => {
  const broken = orgOf({ ...FILES, 'web-app/flags/a.yaml': 'environments: { staging: [\n' });
  assert.is(orgFailure(broken, remove('staging', true)).code, 'FILE_BROKEN');
});

test('neither the last nor the default environment goes', () => {
  assert.is(orgFailure(orgOf(FILES), remove('production', true)).code, 'DEFAULT_ENVIRONMENT');
  const pinned = orgOf({ 'web-app/project.yaml': `${PROJECT}defaultEnvironment: staging\n` });
  assert.is(orgFailure(pinned, remove('staging', true)).code, 'DEFAULT_ENVIRONMENT');
  assert.is(orgTexts(pinned, remove('production'))['web-app/project.yaml']?.includes('production'), false);
  const one = orgOf({ 'web-app/project.yaml': 'environments: [staging]\n' });
  assert.is(orgFailure(one, remove('staging', true)).code, 'LAST_ENVIRONMENT');
});

test('what cannot be is refused', () => {
  assert.is(orgFailure(orgOf(FILES), create({ key: 'staging' })).code, 'ENVIRONMENT_EXISTS');
  assert.is(orgFailure(orgOf(FILES), rename('qa', 'Quality')).code, 'ENVIRONMENT_NOT_FOUND');
  assert.is(orgFailure(orgOf(FILES), remove('qa')).code, 'ENVIRONMENT_NOT_FOUND');
  assert.is(orgFailure(orgOf({}), create({ key: 'qa' })).code, 'PROJECT_NOT_FOUND');
  const broken = orgOf({ 'web-app/project.yaml': 'environments: staging\n' });
  assert.is(orgFailure(broken, create({ key: 'qa' })).code, 'FILE_BROKEN');
  for (const name of ['Stage\nFlagstaff-Org: other', 'Stage <root>', 'St\u0007age']) {
    assert.is(orgFailure(orgOf(FILES), create({ key: 'qa', name })).code, 'INVALID_NAME');
    assert.is(orgFailure(orgOf(FILES), rename('staging', name)).code, 'INVALID_NAME');
  }
});

test.run();
