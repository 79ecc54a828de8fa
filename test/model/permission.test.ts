import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OrgFile } from '../../src/model/org.js';
import { EVERY_GRANT, type Grants, grantsOf, isGranted, type Need } from '../../src/model/permission.js';

const test = suite('permission');

const PERMISSIONS = [
  'org:admin',
  'org:member',
  'project:web-app:admin',
  'project:web-app:member',
  'env:web-app/production:admin',
  'env:web-app/production:member',
] as const;
type Held = (typeof PERMISSIONS)[number];

const PROJECT = { project: 'web-app' };
const PRODUCTION = { project: 'web-app', environment: 'production' };

/**
 * The table of seed 004, cell by cell ("Manage projects, groups, invitations", "View projects", "Manage flags,
 * environments, segments", "View flags and rules", "Manage flag rules, API keys", "View flag rules"), with who has each
 * right: those whom the table names, and those above them.
 */
const TABLE: readonly { readonly cell: string; readonly need: Need; readonly held: readonly Held[] }[] = [
  { cell: 'Organization, Admin', need: { may: 'manage-org' }, held: ['org:admin'] },
  {
    cell: 'Organization, Member',
    need: { may: 'see-project', ...PROJECT },
    held: [
      'org:admin',
      'org:member',
      'project:web-app:admin',
      'project:web-app:member',
      'env:web-app/production:admin',
      'env:web-app/production:member',
    ],
  },
  {
    cell: 'Project, Admin',
    need: { may: 'manage-project', ...PROJECT },
    held: ['org:admin', 'project:web-app:admin'],
  },
  {
    cell: 'Project, Member',
    need: { may: 'view-project', ...PROJECT },
    held: ['org:admin', 'project:web-app:admin', 'project:web-app:member'],
  },
  {
    cell: 'Environment, Admin',
    need: { may: 'manage-environment', ...PRODUCTION },
    held: ['org:admin', 'project:web-app:admin', 'env:web-app/production:admin'],
  },
  {
    cell: 'Environment, Member',
    need: { may: 'view-environment', ...PRODUCTION },
    held: [
      'org:admin',
      'project:web-app:admin',
      'project:web-app:member',
      'env:web-app/production:admin',
      'env:web-app/production:member',
    ],
  },
  {
    cell: 'API Keys, List',
    need: { may: 'view-keys', ...PRODUCTION },
    held: ['org:admin', 'project:web-app:admin', 'project:web-app:member', 'env:web-app/production:admin'],
  },
  {
    cell: 'some of what can be written in the project',
    need: { may: 'write-in-project', ...PROJECT },
    held: ['org:admin', 'project:web-app:admin', 'env:web-app/production:admin'],
  },
  { cell: 'that the organization is there', need: { may: 'view-org' }, held: PERMISSIONS },
];

for (const { cell, need, held } of TABLE) {
  for (const permission of PERMISSIONS) {
    const may = held.includes(permission);
    test(`${cell}: ${permission} ${may ? 'has' : 'lacks'} ${need.may} (004, "Permissions")`, () => {
      assert.is(isGranted(grantsWith(permission), need), may);
    });
  }
}

test('a role in one place is none in another', () => {
  const elsewhere: readonly Need[] = [
    { may: 'see-project', project: 'api' },
    { may: 'view-project', project: 'api' },
    { may: 'manage-project', project: 'api' },
    { may: 'write-in-project', project: 'api' },
    { may: 'view-environment', project: 'api', environment: 'production' },
    { may: 'manage-environment', project: 'api', environment: 'production' },
  ];
  for (const permission of PERMISSIONS.slice(2)) {
    for (const need of elsewhere) assert.not(isGranted(grantsWith(permission), need), permission);
  }
  const development = { project: 'web-app', environment: 'development' };
  const admin = grantsWith('env:web-app/production:admin');
  assert.not(isGranted(admin, { may: 'view-environment', ...development }));
  assert.not(isGranted(admin, { may: 'manage-environment', ...development }));
  assert.not(isGranted(admin, { may: 'view-keys', ...development }));
});

test('roles of a person and of their groups add up, and addresses compare without case (seeds/README)', () => {
  const org: OrgFile = {
    members: [{ email: 'Marc@Example.com', permissions: ['project:web-app:member'] }],
    groups: [
      { key: 'release', members: ['marc@example.COM'], permissions: ['env:web-app/production:admin'] },
      { key: 'api', members: ['ana@example.com', 'MARC@example.com'], permissions: ['project:api:admin'] },
    ],
  };
  const grants = grantsOf(org, 'marc@EXAMPLE.com');
  assert.equal(grants, {
    org: undefined,
    projects: new Map([
      ['web-app', 'member'],
      ['api', 'admin'],
    ]),
    environments: new Map([['web-app', new Map([['production', 'admin']])]]),
  });
});

test('the wider of two roles in one place counts, whatever their order', () => {
  for (const permissions of [
    ['org:admin', 'org:member'],
    ['org:member', 'org:admin'],
  ]) {
    const grants = grantsOf({ members: [{ email: 'marc@example.com', permissions }] }, 'marc@example.com');
    assert.is(grants?.org, 'admin');
  }
});

test('who has no permission has no role: strangers, members without any, people who are invited', () => {
  const org: OrgFile = {
    members: [{ email: 'ana@example.com' }, { email: 'ben@example.com', permissions: [] }],
    groups: [{ key: 'empty', members: ['eve@example.com'] }],
    invitations: [{ email: 'soon@example.com', permissions: ['org:admin'] }],
  };
  for (const name of ['marc', 'ana', 'ben', 'eve', 'soon']) {
    assert.is(grantsOf(org, `${name}@example.com`), undefined, name);
  }
  assert.is(grantsOf({}, 'marc@example.com'), undefined);
});

test('a super admin has every grant', () => {
  for (const { need } of TABLE) assert.ok(isGranted(EVERY_GRANT, need), need.may);
});

function grantsWith(permission: string): Grants {
  const email = 'marc@example.com';
  const grants = grantsOf({ members: [{ email, permissions: [permission] }] }, email);
  if (grants === undefined) throw new Error('no role');
  return grants;
}

test.run();
