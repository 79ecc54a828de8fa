import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { ProjectKey } from '../../src/model/keys.js';
import { project } from './drafted.js';
import { effective, orgFailure, orgOf, orgTexts } from './drafted-org.js';

const test = suite('projects (004, "Projects")');

const ORG = '# Who we are.\nname: Acme # short\n';
const PROJECT = '# The shop.\ndescription: Shop # old\nenvironments: [development, production]\n';
const FILES = { 'org.yaml': ORG, 'web-app/project.yaml': PROJECT };
const key = (text: string): ProjectKey => text as ProjectKey;

function create(name: string, file: object = { environments: ['development', 'production'] }): Change {
  return { kind: 'project.create', project: key(name), file: file as { environments: readonly string[] } };
}

function remove(name: string, cascade: boolean): Change {
  return { kind: 'project.delete', project: key(name), cascade };
}

test('a new project is one file in a folder of its own, in the order of the fields', () => {
  const file = { environments: ['development', { key: 'production', name: 'Live' }], name: 'Mobile' };
  const text = 'name: Mobile\nenvironments:\n  - development\n  - { key: production, name: Live }\n';
  assert.equal(orgTexts(orgOf(FILES), create('zebra', file)), { 'zebra/project.yaml': text });
});

test('its first line tells an editor where the schema is, where the repository keeps one', () => {
  assert.equal(orgTexts(orgOf(FILES, true), create('zebra')), {
    'zebra/project.yaml':
      '# yaml-language-server: $schema=../../../schemas/project.json\nenvironments: [development, production]\n',
  });
});

test('callers who name no project go on to ask the one of before (DESIGN 7)', () => {
  const text = 'environments: [development, production]\n';
  assert.equal(orgTexts(orgOf(FILES), create('mobile')), {
    'org.yaml': `${ORG}defaultProject: web-app\n`,
    'mobile/project.yaml': text,
  });
  const pinned = { ...FILES, 'org.yaml': 'defaultProject: web-app\n' };
  assert.equal(orgTexts(orgOf(pinned), create('mobile')), { 'mobile/project.yaml': text });
  const { 'org.yaml': _, ...bare } = FILES;
  assert.equal(orgTexts(orgOf(bare), create('mobile')), {
    'org.yaml': 'defaultProject: web-app\n',
    'mobile/project.yaml': text,
  });
  assert.equal(orgTexts(orgOf({ 'org.yaml': ORG }), create('mobile')), { 'mobile/project.yaml': text });
});

test('a change touches the lines that it means, and is told without what was so', () => {
  const edits = [
    { at: ['description'], set: 'Shop of Acme' },
    { at: ['environments', 0], set: 'development' },
  ];
  const update: Change = { kind: 'project.update', project, edits };
  assert.equal(orgTexts(orgOf(FILES), update), {
    'web-app/project.yaml': PROJECT.replace('Shop #', 'Shop of Acme #'),
  });
  assert.equal(effective(orgOf(FILES), update), [{ ...update, edits: edits.slice(0, 1) }]);
  assert.equal(effective(orgOf(FILES), { ...update, edits: edits.slice(1) }), []);
});

test('a project with something in it stays, unless all of it is meant', () => {
  const full = orgOf({
    ...FILES,
    'web-app/flags/a.yaml': 'environments: {}\n',
    'web-app/segments/s.yaml': 'active: true\n',
    'web-app/overrides/a.yaml': '[]\n',
    'web-app/keys.yaml': '[]\n',
    'web-app/notes.md': 'Notes\n',
    'web-app-2/project.yaml': PROJECT,
  });
  const failure = orgFailure(full, remove('web-app', false));
  assert.is(`${failure.kind} ${failure.code}`, 'conflict PROJECT_IN_USE');
  assert.equal(failure.data.details, {
    flags: ['a'],
    segments: ['s'],
    otherFiles: ['overrides/a.yaml', 'keys.yaml', 'notes.md'].map((name) => `flags/acme/web-app/${name}`),
  });
  const gone = orgTexts(full, remove('web-app', true));
  assert.equal(Object.keys(gone).sort(), [
    'web-app/flags/a.yaml',
    'web-app/keys.yaml',
    'web-app/notes.md',
    'web-app/overrides/a.yaml',
    'web-app/project.yaml',
    'web-app/segments/s.yaml',
  ]);
  assert.ok(Object.values(gone).every((text) => text === null));
});

test('an empty project goes, and the organization does not name it as its default any more', () => {
  const files = { ...FILES, 'org.yaml': `${ORG}defaultProject: web-app\n`, 'mobile/project.yaml': PROJECT };
  assert.equal(orgTexts(orgOf(files), remove('web-app', false)), {
    'org.yaml': ORG,
    'web-app/project.yaml': null,
  });
  assert.equal(orgTexts(orgOf(files), remove('mobile', false)), { 'mobile/project.yaml': null });
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

test('what people may do in a project goes with it: nobody gets a role by its key being used again (P15)', () => {
  const gone = ROLES.replace(
    '      - env:web-app/staging:admin\n      - env:web-app/production:admin # live\n',
    '',
  )
    .replace('env:web-app/staging:member, project:web-app:admin, ', '')
    .replace('[env:web-app/staging-2:admin, env:web-app/staging:member]', '[]')
    .replace('[env:web-app/staging:admin]', '[]');
  const files = { ...FILES, 'mobile/project.yaml': PROJECT, 'org.yaml': ROLES };
  for (const cascade of [false, true]) {
    assert.equal(orgTexts(orgOf(files), remove('web-app', cascade)), {
      'org.yaml': gone,
      'web-app/project.yaml': null,
    });
  }
});

test('an organization without projects is still there', () => {
  assert.equal(orgTexts(orgOf({ 'web-app/project.yaml': PROJECT }), remove('web-app', false)), {
    'org.yaml': '{}\n',
    'web-app/project.yaml': null,
  });
});

test('what cannot be is refused', () => {
  assert.is(orgFailure(orgOf(FILES), create('web-app')).code, 'PROJECT_EXISTS');
  assert.is(orgFailure(orgOf(FILES), remove('mobile', true)).code, 'PROJECT_NOT_FOUND');
  const update: Change = { kind: 'project.update', project: key('mobile'), edits: [] };
  assert.is(orgFailure(orgOf(FILES), update).code, 'PROJECT_NOT_FOUND');
  assert.is(orgFailure(orgOf({ ...FILES, 'org.yaml': 'name: [\n' }), create('mobile')).code, 'FILE_BROKEN');
});

test('a name that forges lines or addresses is refused as the request that it is (P17)', () => {
  for (const name of ['Shop\nFlagstaff-Org: other', 'Shop <root>', 'Sh\u0000op', 'Sh\u202Eop']) {
    const environments = [{ key: 'production', name }];
    const update: Change = { kind: 'project.update', project, edits: [{ at: ['name'], set: name }] };
    const within: Change = { ...update, edits: [{ at: ['environments'], set: environments }] };
    for (const change of [
      create('a', { name, environments: ['e'] }),
      create('a', { environments }),
      update,
      within,
    ]) {
      const failure = orgFailure(orgOf(FILES), change);
      assert.is(`${failure.kind} ${failure.code}`, 'invalid INVALID_NAME', JSON.stringify(change));
    }
  }
});

test.run();
