import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { commitMessage } from '../../src/changes/message.js';
import { subjectOf } from '../../src/changes/subject.js';
import type { FlagKey, ProjectKey } from '../../src/model/keys.js';
import { flag, org, production, project } from './drafted.js';

const test = suite('subjects of commits about projects, environments, people and keys');

const hash = 'a'.repeat(64);
const entry = {
  id: 'key_1',
  name: 'CI',
  environment: 'production',
  kind: 'server',
  hash,
  prefix: 'fs_1',
} as const;
const ofKey = { project, environment: production, id: 'key_1' } as const;
const to = 'b' as FlagKey;

/** Each change, the subject of its commit, and what its trailer names. */
const SUBJECTS: readonly (readonly [Change, string, string])[] = [
  [{ kind: 'flag.copy', project, flag, to }, 'acme/web-app: copy a to b', 'web-app/b'],
  [
    { kind: 'flag.copy', project, flag, to, toProject: 'mobile' as ProjectKey },
    'acme/mobile: copy a of web-app to b',
    'mobile/b',
  ],
  [
    { kind: 'project.create', project, file: { environments: ['production'] } },
    'acme: create project web-app',
    'web-app',
  ],
  [{ kind: 'project.update', project, edits: [] }, 'acme/web-app: change project web-app', 'web-app'],
  [{ kind: 'project.delete', project, cascade: true }, 'acme: delete project web-app', 'web-app'],
  [
    { kind: 'environment.create', project, environment: { key: 'qa' } },
    'acme/web-app: create environment qa',
    'web-app/qa',
  ],
  [
    { kind: 'environment.update', project, environment: production, edits: [] },
    'acme/web-app: change environment production',
    'web-app/production',
  ],
  [
    { kind: 'environment.delete', project, environment: production, cascade: true },
    'acme/web-app: delete environment production',
    'web-app/production',
  ],
  [{ kind: 'key.create', project, entry }, 'acme/web-app: create API key CI for production', 'web-app/key_1'],
  [
    { kind: 'key.update', ...ofKey, edits: [{ at: ['name'], set: 'CI' }] },
    'acme/web-app: change API key key_1 for production',
    'web-app/key_1',
  ],
  [
    { kind: 'key.update', ...ofKey, edits: [{ at: ['hash'], set: hash }] },
    'acme/web-app: rotate API key key_1 for production',
    'web-app/key_1',
  ],
  [{ kind: 'key.delete', ...ofKey }, 'acme/web-app: delete API key key_1 for production', 'web-app/key_1'],
  [
    { kind: 'access.create', list: 'members', entry: { email: 'marc@example.com' } },
    'acme: add member marc@example.com',
    'members/marc@example.com',
  ],
  [{ kind: 'access.create', list: 'groups', entry: { key: 'ops' } }, 'acme: add group ops', 'groups/ops'],
  [{ kind: 'access.update', list: 'groups', name: 'ops', edits: [] }, 'acme: change group ops', 'groups/ops'],
  [
    { kind: 'access.delete', list: 'invitations', name: 'marc@example.com' },
    'acme: remove invitation of marc@example.com',
    'invitations/marc@example.com',
  ],
];

for (const [change, subject, named] of SUBJECTS) {
  test(subject, () => {
    assert.is(subjectOf({ org, changes: [change] }), subject);
    const message = commitMessage({ org, changes: [change] });
    assert.is(message, `${subject}\n\nFlagstaff-Org: acme\nFlagstaff-Change: ${change.kind} ${named}\n`);
  });
}

test('many of them are counted', () => {
  const ofKind = (kind: Change['kind'], count: number): readonly Change[] => {
    const found = SUBJECTS.find(([change]) => change.kind === kind);
    return Array.from({ length: count }, () => found?.[0]).filter((change) => change !== undefined);
  };
  assert.is(
    subjectOf({ org, changes: [...ofKind('access.delete', 1), ...ofKind('access.create', 3)] }),
    'acme: add 3 entries of who has access, remove 1 entry of who has access',
  );
  assert.is(
    subjectOf({ org, changes: [...ofKind('key.delete', 2), ...ofKind('environment.delete', 2)] }),
    'acme/web-app: delete 2 environments, delete 2 API keys',
  );
  const kinds = new Set(SUBJECTS.map(([{ kind }]) => kind));
  for (const kind of kinds) assert.match(subjectOf({ org, changes: ofKind(kind, 4) }), / 4 \w/, kind);
});

test.run();
