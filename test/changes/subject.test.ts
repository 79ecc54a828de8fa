import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { commitMessage } from '../../src/changes/message.js';
import { subjectOf } from '../../src/changes/subject.js';
import type { ProjectKey } from '../../src/model/keys.js';
import { flag, org, production, project, segment } from './drafted.js';

const test = suite('subjects of commits (DESIGN 6)');

const COMMIT = 'c0ffee'.padEnd(40, '0');
const ofFlag = { project, flag } as const;
const ofRule = { ...ofFlag, environment: production } as const;
const user = (name: string) => ({ kind: 'user', name }) as const;
const NO_TEXTS = { flag: null, overrides: null, tests: null };
const FILE = { path: 'flags/acme/web-app/flags/a.yaml', before: null, after: null, changedSince: false };
const revert: Change = {
  kind: 'commit.revert',
  commit: COMMIT,
  subject: 'acme/web-app: kill a in production',
  isMerge: false,
  head: COMMIT,
  files: [FILE],
};

const SUBJECTS: readonly (readonly [Change, string])[] = [
  [{ kind: 'flag.create', ...ofFlag, file: { environments: {} } }, 'create a'],
  [{ kind: 'flag.update', ...ofFlag, edits: [{ at: ['description'], set: 'x' }] }, 'describe a'],
  [{ kind: 'flag.delete', ...ofFlag }, 'delete a'],
  [{ kind: 'flag.kill', ...ofRule }, 'kill a in production'],
  [{ kind: 'flag.unkill', ...ofRule }, 'unkill a in production'],
  [
    { kind: 'flag.restore', ...ofFlag, commit: COMMIT, texts: { ...NO_TEXTS, flag: 'environments: {}\n' } },
    'restore a to c0ffee0000',
  ],
  [
    { kind: 'flag.restore', ...ofFlag, commit: COMMIT, texts: NO_TEXTS },
    'delete a, which c0ffee0000 did not have',
  ],
  [{ kind: 'segment.create', project, segment, file: {} }, 'create segment s'],
  [{ kind: 'segment.update', project, segment, edits: [] }, 'change segment s'],
  [{ kind: 'segment.delete', project, segment }, 'delete segment s'],
  [
    { kind: 'override.create', ...ofFlag, entry: { users: ['u-1'], companies: ['c-1'] } },
    'add override to a for u-1, c-1',
  ],
  [
    { kind: 'override.create', ...ofFlag, entry: { users: ['u-1', 'u-2', 'u-3', 'u-4'] } },
    'add override to a for 4 names',
  ],
  [
    { kind: 'override.update', ...ofFlag, name: { ...user('u-1'), environment: production }, edits: [] },
    'change override of a for u-1 in production',
  ],
  [
    { kind: 'override.delete', ...ofFlag, names: [user('u-1'), user('u-2')] },
    'remove override of a for u-1, u-2',
  ],
  [
    { kind: 'rule.create', ...ofRule, rule: { id: 'canary', percentage: 5 }, before: null },
    'add rule canary to a in production',
  ],
  [{ kind: 'rule.update', ...ofRule, rule: 'canary', edits: [] }, 'change rule canary of a in production'],
  [{ kind: 'rule.move', ...ofRule, rule: 'canary', before: null }, 'move rule canary of a in production'],
  [{ kind: 'rule.delete', ...ofRule, rule: 'canary' }, 'remove rule canary of a in production'],
  [
    { kind: 'tests.replace', ...ofFlag, tests: [{ name: 'x', expect: { variant: 'on' } }] },
    'change the tests of a',
  ],
  [{ kind: 'tests.replace', ...ofFlag, tests: [] }, 'remove the tests of a'],
  [revert, 'revert "kill a in production"'],
];

test('every kind of change is said in plain words', () => {
  for (const [change, subject] of SUBJECTS)
    assert.is(subjectOf({ org, changes: [change] }), `acme/web-app: ${subject}`);
});

test('many changes are counted by kind', () => {
  const changes = SUBJECTS.map(([change]) => change);
  assert.is(
    subjectOf({ org, changes }),
    'acme/web-app: create 1 flag, change 1 flag, delete 1 flag, kill 1 flag, unkill 1 flag, restore 2 flags, ' +
      'create 1 segment, change 1 segment, delete 1 segment, add 2 overrides, change 1 override, ' +
      'remove 1 override, add 1 rule, change 1 rule, move 1 rule, remove 1 rule, ' +
      'change the tests of 2 flags, revert 1 commit',
  );
});

test('what is taken back keeps its scope where that is another one', () => {
  const mobile = { ...FILE, path: 'flags/acme/mobile/flags/a.yaml' };
  assert.is(
    subjectOf({ org, changes: [{ ...revert, files: [FILE, mobile] }] }),
    'acme: revert "acme/web-app: kill a in production"',
  );
  const other: Change = { kind: 'flag.kill', ...ofRule, project: 'mobile' as ProjectKey };
  assert.is(
    subjectOf({ org, changes: [revert, other] }),
    'acme: revert "acme/web-app: kill a in production", kill a in production',
  );
  const orgFile = { ...revert, subject: 'By hand', files: [{ ...FILE, path: 'flags/acme/org.yaml' }] };
  assert.is(subjectOf({ org, changes: [orgFile] }), 'acme: revert "By hand"');
});

test('trailers name the kind and the resource of each change, and the commit that is taken back', () => {
  const changes: readonly Change[] = [
    { kind: 'flag.kill', ...ofRule },
    { kind: 'segment.delete', project, segment },
    revert,
  ];
  assert.is(
    commitMessage({ org, changes, reason: 'it hurts' }).split('\n\n')[1],
    `Flagstaff-Org: acme
Flagstaff-Change: flag.kill web-app/a
Flagstaff-Change: segment.delete web-app/s
Flagstaff-Change: commit.revert ${COMMIT}
Flagstaff-Reverts: ${COMMIT}
Flagstaff-Reason: it hurts
`,
  );
});

test('an entry that no judge has seen yet gives a subject all the same', () => {
  for (const entry of [{ users: 7 }, { users: [null, { a: 1 }] }, { companies: 'c-1' }, {}] as never[])
    assert.ok(subjectOf({ org, changes: [{ kind: 'override.create', ...ofFlag, entry }] }));
});

test('the names of a change forge no line of the message (P17)', () => {
  const evil = 'u-1\n\nFlagstaff-Org: globex';
  const changes: readonly Change[] = [
    { kind: 'override.delete', ...ofFlag, names: [user(evil)] },
    { ...revert, subject: `${evil}\u202E` },
  ];
  const [subject, blank, trailer] = commitMessage({ org, changes }).split('\n');
  assert.is(
    subject,
    'acme/web-app: remove override of a for u-1  Flagstaff-Org: globex, revert "u-1  Flagstaff-Org: glob…',
  );
  assert.equal([blank, trailer], ['', 'Flagstaff-Org: acme']);
});

test.run();
