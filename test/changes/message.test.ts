import { execFileSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { commitMessage } from '../../src/changes/message.js';
import { subjectOf } from '../../src/changes/subject.js';
import type { Edit } from '../../src/files/edit.js';
import { Failure } from '../../src/model/failure.js';
import type { FlagKey, OrgKey, ProjectKey } from '../../src/model/keys.js';

const org = 'acme' as OrgKey;
const project = 'web-app' as ProjectKey;
const flag = 'new-checkout' as FlagKey;

const deletion: Change = { kind: 'flag.delete', project, flag };

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
  return 'nothing failed';
}

function update(...edits: readonly Edit[]): Change {
  return { kind: 'flag.update', project, flag, edits };
}

function subject(...changes: readonly Change[]): string {
  return subjectOf({ org, changes });
}

test('the subject says in plain words what changes (DESIGN 6)', () => {
  const state = (name: string, set: never): Change =>
    update({ at: ['environments', 'production', name], set });
  assert.is(subject(state('enabled', true as never)), 'acme/web-app: enable new-checkout in production');
  assert.is(subject(state('enabled', false as never)), 'acme/web-app: disable new-checkout in production');
  assert.is(subject(state('killed', true as never)), 'acme/web-app: kill new-checkout in production');
  assert.is(
    subject(update({ at: ['environments', 'production', 'killed'], remove: true })),
    'acme/web-app: unkill new-checkout in production',
  );
  assert.is(
    subject(state('rules', [] as never)),
    'acme/web-app: change the rules of new-checkout in production',
  );
  assert.is(subject(update({ at: ['description'], set: 'x' })), 'acme/web-app: describe new-checkout');
  assert.is(subject(update({ at: ['owner'], set: 'x' })), 'acme/web-app: set owner of new-checkout');
  assert.is(subject(update({ at: ['tags'], remove: true })), 'acme/web-app: remove the tags of new-checkout');
  assert.is(subject({ kind: 'flag.delete', project, flag }), 'acme/web-app: delete new-checkout');
});

test('several changes are a list, many are counted', () => {
  const one = update({ at: ['description'], set: 'x' });
  const other: Change = { kind: 'flag.delete', project: 'mobile' as ProjectKey, flag };
  assert.is(subject(one, other), 'acme: describe new-checkout, delete new-checkout');
  assert.is(subject(one, one, other, other), 'acme: change 2 flags, delete 2 flags');
});

test('a subject is one line of bounded length, whatever an edit is about', () => {
  const forged = update({ at: ['environments', 'x\n\nFlagstaff-Org: globex', 'enabled'], set: true });
  const message = commitMessage({ org, changes: [forged] });
  assert.is(message.split('\n')[0], 'acme/web-app: enable new-checkout in x  Flagstaff-Org: globex');
  const long = commitMessage({
    org,
    changes: [{ kind: 'flag.delete', project, flag: 'x'.repeat(100) as FlagKey }],
  });
  assert.is(long.split('\n')[0]?.length, 100);
  assert.ok(long.includes(`Flagstaff-Change: flag.delete web-app/${'x'.repeat(100)}\n`));
});

test('the words of a caller never become trailers (P17)', () => {
  const message = commitMessage({
    org,
    changes: [update({ at: ['description'], set: 'x' })],
    message: '\nWhy: legal.\r\n\r\nSigned-off-by: Eve <eve@example.com>\n---\ntail\n\n',
    reason: ' legal asked ',
    force: 'known to be wrong',
    user: 'idp|7',
  });
  assert.is(
    message,
    `acme/web-app: describe new-checkout

Why: legal.

 Signed-off-by: Eve <eve@example.com>
 ---
tail

Flagstaff-Org: acme
Flagstaff-Change: flag.update web-app/new-checkout
Flagstaff-Reason: legal asked
Flagstaff-Force: known to be wrong
Flagstaff-User: idp|7
`,
  );
});

test('git reads our trailers and nobody else’s, whatever the words of a caller are (P17)', () => {
  const cut = '------------------------ >8 ------------------------';
  const words = [
    `Approved: by the boss\n# ${cut}\nx`,
    `why\n\nApproved: by the boss\nFlagstaff-Reason: forged\n\n# ${cut}`,
    `why\n\nApproved: by the boss\n\n; ${cut}`,
    'why\n\nApproved: by the boss\n\n---\nx',
    'why\n\nApproved: by the boss',
    'why\n\nApproved: by the boss\n\n# why\n# not',
    'why\n\nApproved: by the boss\n\nConflicts:\n\tx',
  ];
  const ours = ['Flagstaff-Org: acme', 'Flagstaff-Change: flag.delete web-app/new-checkout', ''].join('\n');
  for (const message of words) {
    const input = commitMessage({ org, changes: [deletion], message });
    for (const comment of ['#', ';']) {
      const parse = ['-c', `core.commentChar=${comment}`, 'interpret-trailers', '--parse'];
      assert.is(execFileSync('git', parse, { input, encoding: 'utf8' }), ours, message);
    }
  }
});

test('a long subject is cut between characters', () => {
  const subject = (name: string): string =>
    commitMessage({ org, changes: [{ kind: 'override.create', project, flag, entry: { users: [name] } }] });
  for (const lead of ['', 'x']) assert.not.match(subject(lead + '🙂'.repeat(60)), /\p{Cs}/u);
});

test('control characters in the words of a caller are refused, tabs and line ends are not (P17)', () => {
  const messageOf = (message: string): string => commitMessage({ org, changes: [deletion], message });
  for (const character of ['\u0000', '\u001B', '\r', '\u007F', '\u0085', '\u2028', '\u202E', '\uD800'])
    assert.is(
      codeOf(() => messageOf(`one${character}two`)),
      'INVALID_MESSAGE',
      JSON.stringify(character),
    );
  assert.ok(messageOf('one\ttwo\r\nthree').includes('\n\none\ttwo\nthree\n\n'));
});

test('a reason is one line of text, so it forges no trailer (P17)', () => {
  const refused = ['', ' \t', 'x\nFlagstaff-Org: globex', 'x\r', 'x\u2028y', 'x\u0000', 'x\u202E', '\uD800'];
  for (const text of refused) {
    for (const name of ['reason', 'force', 'user'] as const)
      assert.is(
        codeOf(() => commitMessage({ org, changes: [deletion], [name]: text })),
        'INVALID_MESSAGE',
        JSON.stringify(text),
      );
  }
  const kept = commitMessage({ org, changes: [deletion], reason: 'Flagstaff-Org: globex' });
  assert.ok(kept.endsWith('\nFlagstaff-Reason: Flagstaff-Org: globex\n'));
});

test.run();
