import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { permissionsOf } from '../../src/changes/change-permissions.js';
import { flag, org, production, project, segment, staging } from './drafted.js';

const test = suite('what a change may be made by (004, "Permissions")');

const about = { project, flag };
const hash = 'a'.repeat(64);
const key = { name: 'CI', environment: 'staging', kind: 'server', hash, prefix: 'fs_1' } as const;
const file = (path: string) => ({
  path: `flags/${org}/${path}`,
  before: null,
  after: 'x',
  changedSince: false,
});
const revert = (...paths: readonly string[]): Change => ({
  kind: 'commit.revert',
  commit: 'f'.repeat(40),
  subject: 'x',
  isMerge: false,
  head: 'f'.repeat(40),
  files: paths.map(file),
});
const flagUpdate = (...places: readonly (readonly (string | number)[])[]): Change => ({
  kind: 'flag.update',
  ...about,
  edits: places.map((at) => ({ at, set: true })),
});
const overrideCreate = (environments?: unknown): Change => ({
  kind: 'override.create',
  ...about,
  entry: { users: ['u-1'], ...(environments !== undefined && { environments: environments as string[] }) },
});
const overrideUpdate = (environment: typeof staging | undefined, ...edits: readonly object[]): Change =>
  ({
    kind: 'override.update',
    ...about,
    name: { kind: 'user', name: 'u-1', ...(environment && { environment }) },
    edits,
  }) as Change;

const ORG = ['manage-org'];
const PROJECT = ['manage-project web-app'];
const STAGING = ['manage-environment web-app/staging'];
const BOTH = [...STAGING, 'manage-environment web-app/production'];

/** Each change, and what it needs. */
const CASES: readonly (readonly [string, Change, readonly string[]])[] = [
  ['a new flag', { kind: 'flag.create', ...about, file: { environments: {} } }, PROJECT],
  ['the end of a flag', { kind: 'flag.delete', ...about }, PROJECT],
  ['the name of a flag', flagUpdate(['name']), PROJECT],
  [
    'one environment of a flag',
    flagUpdate(['environments', 'staging', 'enabled'], ['environments', 'staging']),
    STAGING,
  ],
  [
    'two environments of a flag',
    flagUpdate(['environments', 'staging'], ['environments', 'production']),
    BOTH,
  ],
  ['all environments of a flag', flagUpdate(['environments']), PROJECT],
  ['a name and an environment', flagUpdate(['environments', 'staging'], ['name']), PROJECT],
  ['the whole file of a flag', flagUpdate([]), PROJECT],
  ['nothing of a flag', flagUpdate(), PROJECT],
  ['a kill', { kind: 'flag.kill', ...about, environment: staging }, STAGING],
  ['the end of a kill', { kind: 'flag.unkill', ...about, environment: staging }, STAGING],
  [
    'an older flag',
    { kind: 'flag.restore', ...about, commit: '', texts: { flag: '', overrides: null, tests: null } },
    PROJECT,
  ],
  ['a copy', { kind: 'flag.copy', ...about, to: flag }, PROJECT],
  [
    'a copy from elsewhere',
    { kind: 'flag.copy', ...about, to: flag, toProject: 'mobile' as typeof project },
    ['view-project web-app', 'manage-project mobile'],
  ],
  ['a new segment', { kind: 'segment.create', project, segment, file: {} }, PROJECT],
  ['a segment', { kind: 'segment.update', project, segment, edits: [] }, PROJECT],
  ['the end of a segment', { kind: 'segment.delete', project, segment }, PROJECT],
  ['tests', { kind: 'tests.replace', ...about, tests: [] }, PROJECT],
  ['an exception in one environment', overrideCreate(['staging']), STAGING],
  ['an exception in two environments', overrideCreate(['staging', 'production', 'staging']), BOTH],
  ['an exception everywhere', overrideCreate(), PROJECT],
  ['an exception nowhere', overrideCreate([]), PROJECT],
  ...[null, true, 5, {}, 'staging', [5], ['staging', null]].map(
    (sent) => [`an exception in ${JSON.stringify(sent)}`, overrideCreate(sent), PROJECT] as const,
  ),
  ['what an exception serves', overrideUpdate(staging, { at: ['serve'], set: 'off' }), STAGING],
  ['what an exception everywhere serves', overrideUpdate(undefined, { at: ['serve'], set: 'off' }), PROJECT],
  [
    'where an exception counts',
    overrideUpdate(staging, { at: ['environments'], set: ['staging', 'production'] }),
    BOTH,
  ],
  [
    'one more place of an exception',
    overrideUpdate(staging, { at: ['environments', 1], insert: 'production' }),
    BOTH,
  ],
  [
    'an exception that counts everywhere now',
    overrideUpdate(staging, { at: ['environments'], remove: true }),
    PROJECT,
  ],
  ['an exception of an empty list', overrideUpdate(staging, { at: ['environments'], set: [] }), PROJECT],
  ['a whole exception', overrideUpdate(staging, { at: [], set: { users: ['u-1'] } }), PROJECT],
  [
    'a name out of an environment',
    { kind: 'override.delete', ...about, names: [{ kind: 'user', name: 'u-1', environment: staging }] },
    STAGING,
  ],
  [
    'a name out of all environments',
    { kind: 'override.delete', ...about, names: [{ kind: 'user', name: 'u-1' }] },
    PROJECT,
  ],
  [
    'a new rule',
    { kind: 'rule.create', ...about, environment: staging, rule: { id: 'r' }, before: null },
    STAGING,
  ],
  ['a rule', { kind: 'rule.update', ...about, environment: staging, rule: 'r', edits: [] }, STAGING],
  [
    'the place of a rule',
    { kind: 'rule.move', ...about, environment: staging, rule: 'r', before: null },
    STAGING,
  ],
  ['the end of a rule', { kind: 'rule.delete', ...about, environment: staging, rule: 'r' }, STAGING],
  ['a commit of one project', revert('web-app/flags/a.yaml', 'web-app/tests/a.yaml'), PROJECT],
  [
    'a commit of two projects',
    revert('web-app/flags/a.yaml', 'mobile/flags/a.yaml'),
    [...PROJECT, 'manage-project mobile'],
  ],
  ['a commit of the organization', revert('web-app/flags/a.yaml', 'org.yaml'), ORG],
  ['a commit of what is none of ours', revert('notes.txt'), ORG],
  ['a commit of nothing', revert(), ORG],
  ['a new project', { kind: 'project.create', project, file: { environments: ['production'] } }, ORG],
  ['the file of a project', { kind: 'project.update', project, edits: [] }, PROJECT],
  ['the end of a project', { kind: 'project.delete', project, cascade: true }, ORG],
  ['a new environment', { kind: 'environment.create', project, environment: { key: 'staging' } }, PROJECT],
  ['an environment', { kind: 'environment.update', project, environment: staging, edits: [] }, PROJECT],
  [
    'the end of an environment',
    { kind: 'environment.delete', project, environment: staging, cascade: true },
    PROJECT,
  ],
  ['a new key', { kind: 'key.create', project, entry: key }, STAGING],
  ['a key', { kind: 'key.update', project, environment: staging, id: 'key_1', edits: [] }, STAGING],
  ['the end of a key', { kind: 'key.delete', project, environment: production, id: 'key_1' }, BOTH.slice(1)],
  ['a new member', { kind: 'access.create', list: 'members', entry: { email: 'marc@example.com' } }, ORG],
  ['a member', { kind: 'access.update', list: 'members', name: 'marc@example.com', edits: [] }, ORG],
  ['the end of a group', { kind: 'access.delete', list: 'groups', name: 'ops' }, ORG],
];

for (const [title, change, wanted] of CASES) {
  test(`${title}: ${wanted.join(', ')}`, () => {
    const needs = permissionsOf(change).map((need) => {
      const scope =
        'project' in need ? [need.project, ...('environment' in need ? [need.environment] : [])] : [];
      return [need.may, ...(scope.length > 0 ? [scope.join('/')] : [])].join(' ');
    });
    assert.equal(needs, wanted);
  });
}

test.run();
