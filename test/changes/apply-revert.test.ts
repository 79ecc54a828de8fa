import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mainPath, pathsOf, servedPaths } from '../../src/changes/apply.js';
import type { Change, CommitRevert, FlagTexts, RevertedFile } from '../../src/changes/change.js';
import { apply, baseOf, failureOf, flag, org, project, refusal, texts } from './drafted.js';

const test = suite('undo');

const COMMIT = 'c0ffee'.padEnd(40, '0');
const GOOD = 'name: A\n# live\nenvironments:\n  production: { enabled: true }\n';
const KILLED = GOOD.replace('true }', 'true, killed: true }');
const NOTHING: FlagTexts = { flag: null, overrides: null, tests: null };

function restore(wanted: Partial<FlagTexts>): Change {
  return { kind: 'flag.restore', project, flag, commit: COMMIT, texts: { ...NOTHING, ...wanted } };
}

function revert(...files: readonly Partial<RevertedFile>[]): CommitRevert {
  const changed = files.map((file) => ({
    path: FLAG,
    before: null,
    after: null,
    changedSince: false,
    ...file,
  }));
  const named = { commit: COMMIT, subject: 'acme: change', isMerge: false, head: COMMIT };
  return { kind: 'commit.revert', ...named, files: changed };
}

const FLAG = 'flags/acme/web-app/flags/a.yaml';
const OTHER = 'flags/acme/web-app/flags/b.yaml';

test('a flag becomes what it was, byte for byte, with its overrides and tests', () => {
  const now = { 'flags/a.yaml': 'name: B\nenvironments: {}\n', 'overrides/a.yaml': '- { users: [u-1] }\n' };
  const change = restore({ flag: GOOD, tests: '[] # none\r\n' });
  assert.equal(texts(now, change), {
    'flags/a.yaml': GOOD,
    'overrides/a.yaml': null,
    'tests/a.yaml': '[] # none\r\n',
  });
  assert.equal(apply({ 'flags/a.yaml': GOOD }, restore({ flag: GOOD })), { edits: [], effective: [] });
  assert.equal(texts(now, restore({})), { 'flags/a.yaml': null, 'overrides/a.yaml': null });
  assert.equal(texts({}, restore({ flag: GOOD })), { 'flags/a.yaml': GOOD }, 'a flag that went comes back');
  assert.equal(texts({ 'flags/a.yaml': null }, restore({ flag: GOOD })), { 'flags/a.yaml': GOOD });
  assert.is(refusal({}, restore({})), 'FLAG_NOT_FOUND');
});

test('nobody lets go by undoing: what is killed now stays killed (FLAG_KILLED)', () => {
  const failure = failureOf(() => apply({ 'flags/a.yaml': KILLED }, restore({ flag: GOOD })));
  assert.is(failure.code, 'FLAG_KILLED');
  assert.equal(failure.data.details, { environments: ['production'] });
  const broken = baseOf({ 'flags/a.yaml': 'x: [\n' }, { readLastGood: () => KILLED });
  assert.is(refusal(broken, restore({ flag: GOOD })), 'FLAG_KILLED');
  assert.is(refusal({ 'flags/a.yaml': KILLED }, restore({ flag: 'x: [\n' })), 'FLAG_KILLED');
  assert.is(
    refusal({ 'flags/a.yaml': KILLED }, restore({})),
    'FLAG_KILLED',
    'callers would have their default',
  );
});

test('a kill that the older version had comes back', () => {
  assert.equal(texts({ 'flags/a.yaml': GOOD }, restore({ flag: KILLED })), { 'flags/a.yaml': KILLED });
});

test('what a commit did is taken back: changed, made and removed files', () => {
  const change = revert(
    { before: GOOD, after: GOOD.replace('A', 'B') },
    { path: OTHER, after: GOOD },
    { path: 'flags/acme/web-app/segments/s.yaml', before: 'active: true\n' },
  );
  const now = { 'flags/a.yaml': GOOD.replace('A', 'B'), 'flags/b.yaml': GOOD };
  const undone = { 'flags/a.yaml': GOOD, 'flags/b.yaml': null, 'segments/s.yaml': 'active: true\n' };
  assert.equal(texts(now, change), undone);
  assert.equal(apply({ 'flags/a.yaml': GOOD, 'segments/s.yaml': 'active: true\n' }, change), {
    edits: [],
    effective: [],
  });
});

test('a revert is about every file of its commit, none of which must be good for it: it may be a part of the repair', () => {
  const change = revert({ before: GOOD, after: null }, { path: OTHER, before: null, after: GOOD });
  assert.equal(pathsOf(org, change), [FLAG, OTHER]);
  assert.is(mainPath(org, change), FLAG);
  assert.is(mainPath(org, revert()), 'flags/acme/org.yaml');
  assert.equal([...servedPaths(org, [change])], []);
  const half = { 'flags/a.yaml': GOOD, 'flags/b.yaml': GOOD };
  assert.equal(apply(half, change).effective, [change], 'only the second file is different');
});

test('later changes of other lines stay', () => {
  const after = GOOD.replace('true }', 'false }');
  const change = revert({ before: GOOD, after });
  assert.equal(texts({ 'flags/a.yaml': after.replace('A', 'B') }, change), {
    'flags/a.yaml': GOOD.replace('A', 'B'),
  });
});

test('files outside the organization are never touched (P14)', () => {
  const outside = revert({ path: 'flags/globex/web-app/flags/a.yaml', after: GOOD });
  assert.throws(() => apply({}, outside), /not below the organization/);
});

test('later changes of the same lines refuse it, and name the files (REVERT_CONFLICT)', () => {
  const conflicts: readonly (readonly [Partial<RevertedFile>, string | undefined])[] = [
    [{ path: FLAG, before: GOOD, after: GOOD.replace('A', 'B') }, GOOD.replace('A', 'C')],
    [{ path: FLAG, before: GOOD, after: GOOD.replace('A', 'B') }, undefined],
    [{ path: FLAG, before: null, after: GOOD }, GOOD.replace('A', 'C')],
    [{ path: FLAG, before: GOOD, after: null }, GOOD.replace('A', 'C')],
  ];
  for (const [file, current] of conflicts) {
    const base = current === undefined ? {} : { 'flags/a.yaml': current };
    const failure = failureOf(() =>
      apply({ ...base, 'flags/b.yaml': GOOD }, revert(file, { path: OTHER, after: GOOD })),
    );
    assert.is(failure.code, 'REVERT_CONFLICT');
    assert.equal(failure.data.details, { paths: [FLAG] });
  }
});

test('a kill goes with the commit that set it, and with no other (FLAG_KILLED)', () => {
  assert.equal(texts({ 'flags/a.yaml': KILLED }, revert({ before: GOOD, after: KILLED })), {
    'flags/a.yaml': GOOD,
  });
  const unkilled = revert({ before: KILLED, after: GOOD });
  assert.equal(texts({ 'flags/a.yaml': GOOD }, unkilled), { 'flags/a.yaml': KILLED });
  const made = revert({ before: null, after: KILLED });
  assert.equal(texts({ 'flags/a.yaml': KILLED }, made), { 'flags/a.yaml': null });
  const staged = (text: string): string =>
    text.replace('production', 'staging: { enabled: true }\n  production');
  const other = revert({ before: KILLED.replace('killed: true', 'killed: false'), after: staged(KILLED) });
  assert.equal(texts({ 'flags/a.yaml': staged(KILLED) }, other), {
    'flags/a.yaml': KILLED.replace('killed: true', 'killed: false'),
  });
  const broken = revert({ before: GOOD, after: 'x: [\n' });
  const served = baseOf({ 'flags/a.yaml': 'x: [\n' }, { readLastGood: () => KILLED });
  assert.is(refusal(served, broken), 'FLAG_KILLED');
  assert.equal(texts({ 'flags/a.yaml': 'x: [\n' }, broken), { 'flags/a.yaml': GOOD });
});

test('a kill that somebody set again is not that of the commit (FLAG_KILLED)', () => {
  const later = revert({ before: GOOD, after: KILLED, changedSince: true });
  assert.is(refusal({ 'flags/a.yaml': KILLED }, later), 'FLAG_KILLED');
  assert.equal(texts({ 'flags/a.yaml': GOOD }, later), {}, 'what is let go already may be taken back');
  const merged = revert({ before: GOOD, after: KILLED });
  assert.is(refusal({ 'flags/a.yaml': KILLED.replace('name: A', 'name: B') }, merged), 'FLAG_KILLED');
  const removal = revert({ before: null, after: KILLED, changedSince: true });
  assert.is(refusal({ 'flags/a.yaml': KILLED }, removal), 'FLAG_KILLED');
  const unrelated = revert({ before: KILLED.replace('A', 'B'), after: KILLED, changedSince: true });
  assert.equal(texts({ 'flags/a.yaml': KILLED }, unrelated), { 'flags/a.yaml': KILLED.replace('A', 'B') });
});

test('what is taken back is what the commit changed, not what looks like it by now (REVERT_CONFLICT)', () => {
  const rules = (...all: readonly (readonly [string, string])[]): string =>
    `environments:\n  production:\n    enabled: true\n    rules:\n${all
      .map(([id, serve]) => `      - id: ${id}\n        percentage: 5\n        serve: ${serve}\n`)
      .join('')}    serve: off\n`;
  const change = revert({
    before: rules(['a', 'on'], ['b', 'off']),
    after: rules(['a', 'on'], ['b', 'on']),
    changedSince: true,
  });
  assert.is(refusal({ 'flags/a.yaml': rules(['b', 'on'], ['a', 'on']) }, change), 'REVERT_CONFLICT');
  assert.equal(texts({ 'flags/a.yaml': `name: A\n${rules(['a', 'on'], ['b', 'on'])}` }, change), {
    'flags/a.yaml': `name: A\n${rules(['a', 'on'], ['b', 'off'])}`,
  });
});

test('who has access is not given back by the way (ACCESS_FILES)', () => {
  for (const path of ['flags/acme/org.yaml', 'flags/acme/web-app/keys.yaml']) {
    const failure = failureOf(() =>
      apply(
        { 'flags/a.yaml': GOOD },
        revert({ before: null, after: GOOD }, { path, before: 'x', after: 'y' }),
      ),
    );
    assert.is(failure.code, 'ACCESS_FILES');
    assert.equal(failure.data.details, { paths: [path] });
  }
});

test.run();
