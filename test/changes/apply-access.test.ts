import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AccessList } from '../../src/changes/access-change.js';
import type { Change } from '../../src/changes/change.js';
import type { Edit } from '../../src/files/edit.js';
import { effective, orgFailure, orgOf, orgTexts } from './drafted-org.js';

const test = suite('people and what they may do (004, "Permissions")');

const ORG = `# Acme's people.
name: Acme
members:
  # the founder
  - { email: Marc@example.com, name: Marc, permissions: [org:admin] } # since 2020
  - { email: ada@example.com, permissions: [project:web-app:member] }
groups: [{ key: payments, members: [ada@example.com], permissions: [env:web-app/production:admin] }]
`;
const base = orgOf({ 'org.yaml': ORG });

function create(list: AccessList, entry: object): Change {
  return { kind: 'access.create', list, entry } as Change;
}

function update(list: AccessList, name: string, ...edits: readonly Edit[]): Change {
  return { kind: 'access.update', list, name, edits };
}

function remove(list: AccessList, name: string): Change {
  return { kind: 'access.delete', list, name };
}

/** The text that the changes make of the organization's file. */
function after(...changes: readonly Change[]): string | null | undefined {
  return orgTexts(base, ...changes)['org.yaml'];
}

test('a new entry is the last of its list, in the way that the list is written', () => {
  const member = { email: 'eve@example.com', permissions: ['org:member'] };
  assert.is(
    after(create('members', member)),
    ORG.replace('groups:', '  - { email: eve@example.com, permissions: [org:member] }\ngroups:'),
  );
  const group = { key: 'ops', members: ['eve@example.com'] };
  assert.is(
    after(create('groups', group)),
    ORG.replace('}]', '}, { key: ops, members: [eve@example.com] }]'),
  );
  const invitation = { email: 'joe@example.com', permissions: ['org:member'], invitedBy: 'marc@example.com' };
  assert.is(
    after(create('invitations', invitation)),
    `${ORG}invitations:\n  - { email: joe@example.com, permissions: [org:member], invitedBy: marc@example.com }\n`,
  );
});

test('the first entry makes the file', () => {
  const member = create('members', { email: 'marc@example.com', permissions: ['org:admin'] });
  const text = 'members:\n  - { email: marc@example.com, permissions: [org:admin] }\n';
  assert.equal(orgTexts(orgOf({}), member), { 'org.yaml': text });
  assert.equal(orgTexts(orgOf({}, true), member), {
    'org.yaml': `# yaml-language-server: $schema=../../schemas/org.json\n${text}`,
  });
});

test('people are found whatever the case of their address, and their lines keep the comments', () => {
  const rename = update('members', 'mARC@Example.com', { at: ['name'], set: 'Marc M.' });
  assert.is(after(rename), ORG.replace('name: Marc,', 'name: Marc M.,'));
  const same = update('members', 'marc@example.com', { at: ['name'], set: 'Marc' });
  assert.equal(effective(base, same), []);
  const join = update('groups', 'payments', { at: ['members', 1], set: 'eve@example.com' });
  assert.is(after(join), ORG.replace('[ada@example.com]', '[ada@example.com, eve@example.com]'));
});

test('an entry goes with its line, and a list with its last entry', () => {
  assert.is(
    after(remove('members', 'ADA@example.com')),
    ORG.replace('  - { email: ada@example.com, permissions: [project:web-app:member] }\n', ''),
  );
  assert.is(after(remove('groups', 'payments')), ORG.slice(0, ORG.indexOf('groups:')));
});

test('somebody is left who may manage the organization', () => {
  const demote = update('members', 'marc@example.com', { at: ['permissions'], set: ['org:member'] });
  for (const change of [demote, remove('members', 'marc@example.com')]) {
    const failure = orgFailure(base, change);
    assert.is(`${failure.kind} ${failure.code}`, 'conflict LAST_ADMIN');
    assert.ok(
      orgTexts(base, { ...change, mayLeaveNoAdmin: true } as Change)['org.yaml'],
      'a super admin may',
    );
    const heir = update('members', 'ada@example.com', { at: ['permissions', 1], set: 'org:admin' });
    assert.ok(after(heir, change), 'there is another one');
    const group = update('groups', 'payments', { at: ['permissions', 0], set: 'org:admin' });
    assert.ok(after(group, change), 'a group has the role');
    const empty = update('groups', 'payments', { at: ['members'], set: [] });
    assert.is(orgFailure(base, group, empty, change).code, 'LAST_ADMIN', 'a group of nobody has it');
  }
  const lonely = orgOf({ 'org.yaml': 'members: [{ email: ada@example.com }, { email: eve@example.com }]\n' });
  assert.ok(orgTexts(lonely, remove('members', 'ada@example.com'))['org.yaml'], 'nobody had it before');
});

test('what cannot be is refused', () => {
  const codes: readonly (readonly [Change, string])[] = [
    [create('members', { email: 'MARC@example.com' }), 'MEMBER_EXISTS'],
    [create('groups', { key: 'payments' }), 'GROUP_EXISTS'],
    [update('members', 'eve@example.com'), 'MEMBER_NOT_FOUND'],
    [remove('groups', 'ops'), 'GROUP_NOT_FOUND'],
    [remove('invitations', 'eve@example.com'), 'INVITATION_NOT_FOUND'],
    [update('members', 'ada@example.com', { at: ['email'], set: 'eve@example.com' }), 'FIXED_FIELD'],
    [update('groups', 'payments', { at: ['key'], set: 'ops' }), 'FIXED_FIELD'],
    [update('groups', 'payments', { at: [], set: { key: 'ops' } }), 'FIXED_FIELD'],
  ];
  for (const [change, code] of codes) assert.is(orgFailure(base, change).code, code, JSON.stringify(change));
  const twice = create('invitations', { email: 'joe@example.com' });
  assert.is(orgFailure(base, twice, twice).code, 'INVITATION_EXISTS');
  assert.is(orgFailure(orgOf({}), remove('members', 'marc@example.com')).code, 'MEMBER_NOT_FOUND');
  assert.is(orgFailure(orgOf({ 'org.yaml': 'members: 7\n' }), twice).code, 'FILE_BROKEN');
});

const FORGED = [
  'Eve\nFlagstaff-Org: other',
  'Eve\r',
  'Eve <eve@example.com>',
  'E\u0000ve',
  'E\u2028ve',
  'E\u202Eve',
];

test('names and addresses that forge lines are refused as the request that they are (P17)', () => {
  for (const forged of FORGED) {
    const edit = { at: ['name'], set: forged };
    const address = `${forged}@example.com`;
    for (const change of [
      create('members', { email: 'eve@example.com', name: forged }),
      create('members', { email: address }),
      create('invitations', { email: 'eve@example.com', invitedBy: address }),
      create('groups', { key: 'ops', members: [address] }),
      create('groups', { key: 'ops', name: forged }),
      update('members', 'ada@example.com', edit),
      update('groups', 'payments', { at: ['members', 0], set: address }),
      update('groups', 'payments', { at: ['members', 1], insert: address }),
    ]) {
      const failure = orgFailure(base, change);
      assert.is(`${failure.kind} ${failure.code}`, 'invalid INVALID_NAME', JSON.stringify(change));
    }
  }
  for (const email of [
    'eve',
    'eve@',
    '@example.com',
    'e ve@example.com',
    'eve@a@b',
    `${'e'.repeat(250)}@a.de`,
  ])
    assert.is(orgFailure(base, create('members', { email })).code, 'INVALID_NAME', email);
});

test.run();
