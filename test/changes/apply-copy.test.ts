import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change, FlagCopy } from '../../src/changes/change.js';
import type { FlagKey, ProjectKey } from '../../src/model/keys.js';
import { flag, project } from './drafted.js';
import { orgFailure, orgOf, orgTexts } from './drafted-org.js';

const test = suite('copies of flags');

const FLAG = `# Asked for by the checkout team.
id: flg_1
description: Checkout # short
createdAt: 2026-01-01T00:00:00Z
updatedAt: 2026-01-02T00:00:00Z
environments:
  # not yet
  production: { enabled: false, killed: true }
`;
const COPY = FLAG.replace(/^(?:id|createdAt|updatedAt): .*\n/gm, '');
const TESTS = '# cases\n- { name: one, expect: { variant: off } }\n';
const FILES = {
  'web-app/project.yaml': 'environments: [staging, production]\n',
  'mobile/project.yaml': 'environments: [staging, production]\n',
  'web-app/flags/a.yaml': FLAG,
  'web-app/tests/a.yaml': TESTS,
  'web-app/overrides/a.yaml': '- { users: [u-1] }\n',
};
const copy: FlagCopy = { kind: 'flag.copy', project, flag, to: 'b' as FlagKey };
const mobile = 'mobile' as ProjectKey;

test('a copy says the same with the same comments and tests, but for what is the one flag alone', () => {
  assert.equal(orgTexts(orgOf(FILES), copy), { 'web-app/flags/b.yaml': COPY, 'web-app/tests/b.yaml': TESTS });
  const { 'web-app/tests/a.yaml': _, ...untested } = FILES;
  assert.equal(orgTexts(orgOf(untested), copy), { 'web-app/flags/b.yaml': COPY });
});

test('a copy may be in another project, under the same key', () => {
  assert.equal(orgTexts(orgOf(FILES), { ...copy, to: flag, toProject: mobile }), {
    'mobile/flags/a.yaml': COPY,
    'mobile/tests/a.yaml': TESTS,
  });
});

test('what cannot be is refused', () => {
  const refused = (change: FlagCopy, files: Readonly<Record<string, string>> = FILES): string =>
    orgFailure(orgOf(files), change).code;
  assert.is(refused({ ...copy, flag: 'c' as FlagKey }), 'FLAG_NOT_FOUND');
  assert.is(refused({ ...copy, to: flag }), 'FLAG_EXISTS');
  assert.is(refused({ ...copy, to: 'A' as FlagKey }), 'FLAG_EXISTS');
  assert.is(refused({ ...copy, toProject: 'none' as ProjectKey }), 'PROJECT_NOT_FOUND');
  assert.is(refused(copy, { ...FILES, 'web-app/flags/a.yaml': 'a: [\n' }), 'FILE_BROKEN');
});

test('a flag that is killed is not let go by a copy in its place', () => {
  const files = {
    ...FILES,
    'web-app/flags/b.yaml': 'environments:\n  staging: { enabled: true, killed: true }\n',
  };
  const drop: Change = { kind: 'flag.delete', project, flag: 'b' as FlagKey };
  assert.is(orgFailure(orgOf(files), drop, copy).code, 'FLAG_KILLED');
});

test.run();
