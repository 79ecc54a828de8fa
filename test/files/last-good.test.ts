import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import { evaluate } from '../../src/evaluation/evaluate.js';
import type { LoadedOrg } from '../../src/files/loaded.js';
import { flagOf, flagText, loadTexts, NOW, projectOf, type Texts, webApp } from './org-files.js';

const test = suite('last good versions (DESIGN 5)');

const ASKS_B = flagText('    segments: [s]\n    requires: [b]\n');
const GOOD: Texts = webApp({
  'flags/a.yaml': ASKS_B,
  'flags/b.yaml': flagText(),
  'flags/c.yaml': flagText(),
  'segments/s.yaml': 'when: [{ segment: t }]\n',
  'segments/t.yaml': 'include: { users: [u-1] }\n',
  'overrides/c.yaml': '- { users: [u-2], serve: off }\n',
  'tests/c.yaml': '- { name: one, expect: { variant: on } }\n',
});

/** The texts, changed, after the good ones were served. Null takes a file away. */
function changed(changes: Readonly<Record<string, string | null>>, before = loadTexts(GOOD)): LoadedOrg {
  const texts = Object.entries({ ...GOOD, ...changes }).filter(([, text]) => text !== null);
  return loadTexts(Object.fromEntries(texts) as Texts, before.snapshot);
}

function staleKeys(loaded: LoadedOrg): string[] {
  return [...projectOf(loaded).flags.values()]
    .filter(({ stale }) => stale !== undefined)
    .map(({ key }) => key);
}

function answer(loaded: LoadedOrg, key: string, targetingKey: string): string | undefined {
  const environment = compileNow(projectOf(loaded)).environments.get('production');
  if (environment === undefined) throw new Error('production was not compiled');
  const evaluation = evaluate(environment, key, { targetingKey }, NOW);
  return evaluation.kind === 'value' ? evaluation.variant : undefined;
}

test('a flag whose file is broken keeps its last good version; the others move on', () => {
  const loaded = changed({
    'web-app/flags/c.yaml': 'x',
    'web-app/flags/b.yaml': flagText('    serve: off\n'),
  });
  assert.equal(staleKeys(loaded), ['c']);
  assert.is(flagOf(loaded, 'c')?.blob, flagOf(loadTexts(GOOD), 'c')?.blob);
  assert.equal(
    flagOf(loaded, 'c')?.stale?.problems.map(({ path, code }) => `${path} ${code}`),
    ['flags/acme/web-app/flags/c.yaml WRONG_TYPE'],
  );
  assert.is(answer(loaded, 'c', 'u-2'), 'off');
  assert.is(answer(loaded, 'b', 'u-2'), 'off');
  assert.equal(loaded.missing, []);
});

test('the home of a stale flag holds what it needs and no more', () => {
  const home = flagOf(changed({ 'web-app/flags/a.yaml': 'x' }), 'a')?.stale?.home;
  assert.equal([...(home?.flags.keys() ?? [])].sort(), ['a', 'b']);
  assert.equal([...(home?.segments.keys() ?? [])].sort(), ['s', 't']);
});

test('a reference that does not resolve keeps the flag as it was', () => {
  const loaded = changed({ 'web-app/flags/c.yaml': flagText('    segments: [nobody]\n    serve: off\n') });
  assert.equal(staleKeys(loaded), ['c']);
  assert.is(answer(loaded, 'c', 'u-9'), 'on');
});

test('broken overrides keep the flag as it was, old overrides and all', () => {
  const texts = {
    'web-app/overrides/c.yaml': '- { users: u-2 }\n',
    'web-app/flags/c.yaml': flagText('    serve: off\n'),
  };
  const loaded = changed(texts);
  assert.equal(staleKeys(loaded), ['c']);
  assert.is(answer(loaded, 'c', 'u-2'), 'off');
  assert.is(answer(loaded, 'c', 'u-9'), 'on');
});

test('broken tests are told, but the flag moves on', () => {
  const loaded = changed({
    'web-app/tests/c.yaml': 'x',
    'web-app/flags/c.yaml': flagText('    serve: off\n'),
  });
  assert.equal(staleKeys(loaded), []);
  assert.is(loaded.problems.filter(({ severity }) => severity === 'error').length, 1);
  assert.is(answer(loaded, 'c', 'u-9'), 'off');
  assert.equal(flagOf(loaded, 'c')?.tests, [{ name: 'one', expect: { variant: 'on' } }]);
});

test('a broken segment holds back the flags that use it, through other segments too', () => {
  const loaded = changed({ 'web-app/segments/t.yaml': 'include: u-9\n' });
  assert.equal(staleKeys(loaded), ['a']);
  assert.equal(
    flagOf(loaded, 'a')?.stale?.problems.map(({ path }) => path),
    ['flags/acme/web-app/segments/t.yaml'],
  );
  assert.is(answer(loaded, 'a', 'u-1'), 'on');
});

test('a flag that no longer uses the broken segment moves on in the same commit', () => {
  const texts = {
    'web-app/segments/t.yaml': 'include: u-9\n',
    'web-app/flags/a.yaml': flagText('    serve: off\n'),
  };
  const loaded = changed(texts);
  assert.equal(staleKeys(loaded), []);
  assert.is(answer(loaded, 'a', 'u-1'), 'off');
});

test('a broken flag holds back those that require it: no answer mixes two commits (P8)', () => {
  const texts = { 'web-app/flags/b.yaml': 'x', 'web-app/flags/a.yaml': `${ASKS_B}    serve: off\n` };
  const loaded = changed(texts);
  assert.equal(staleKeys(loaded), ['a', 'b']);
  assert.is(answer(loaded, 'a', 'u-9'), 'on');
});

test('a flag that only waits for another can be switched off and killed', () => {
  const broken = { 'web-app/segments/t.yaml': 'x' };
  const off = changed({
    ...broken,
    'web-app/flags/a.yaml': ASKS_B.replace('enabled: true', 'enabled: false'),
  });
  assert.is(answer(off, 'a', 'u-9'), 'off');
  assert.is(answer(off, 'a', 'u-1'), 'on');
  const removed = changed({
    ...broken,
    'web-app/flags/a.yaml': ASKS_B.replace('production', 'staging'),
  });
  assert.is(answer(removed, 'a', 'u-9'), 'off', 'an environment that is left out is not enabled (DESIGN 3)');
  const killed = changed({ ...broken, 'web-app/flags/a.yaml': `${ASKS_B}    killed: true\n` });
  assert.is(answer(killed, 'a', 'u-1'), 'off');
  const worse = changed({ ...broken, 'web-app/flags/a.yaml': 'x' }, killed);
  assert.is(answer(worse, 'a', 'u-1'), 'off');
  const back = changed(broken, killed);
  assert.is(answer(back, 'a', 'u-1'), 'on');
});

test('what is itself wrong cannot switch anything: a bad commit changes nothing (P9)', () => {
  const text = flagText('    segments: [nobody]\n').replace('enabled: true', 'enabled: false');
  assert.is(answer(changed({ 'web-app/flags/c.yaml': text }), 'c', 'u-9'), 'on');
});

test('a stale flag is the same object while nothing about it changes, and goes on from its own home', () => {
  const broken = { 'web-app/flags/a.yaml': 'x' };
  const first = changed(broken);
  const second = changed({ ...broken, 'web-app/flags/b.yaml': flagText('    serve: off\n') }, first);
  assert.is(flagOf(second, 'a'), flagOf(first, 'a'));
  assert.is(answer(second, 'a', 'u-9'), 'on');
  assert.is(answer(second, 'b', 'u-9'), 'off');
  const repaired = changed({}, second);
  assert.equal(staleKeys(repaired), []);
});

test('members of a cycle keep their last good versions', () => {
  const loaded = changed({ 'web-app/flags/b.yaml': flagText('    requires: [a]\n') });
  assert.equal(staleKeys(loaded), ['a', 'b']);
  assert.is(answer(loaded, 'b', 'u-9'), 'on');
});

test('a member of a cycle that is told in another file can be switched off; the one it is told in cannot', () => {
  const cycle = { 'web-app/flags/b.yaml': flagText('    requires: [a]\n') };
  const off = changed({
    'web-app/flags/a.yaml': ASKS_B.replace('enabled: true', 'enabled: false'),
    'web-app/flags/b.yaml': flagText('    requires: [a]\n').replace('enabled: true', 'enabled: false'),
  });
  assert.equal(staleKeys(off), ['a', 'b']);
  assert.is(answer(off, 'b', 'u-9'), 'off');
  assert.is(flagOf(off, 'a')?.file.environments.production?.enabled, true);
  const back = changed(cycle, off);
  assert.is(answer(back, 'b', 'u-9'), 'on');
});

test('the file that is served keeps its id and its name, whatever a copy of it claims', () => {
  const before = loadTexts({ ...GOOD, 'web-app/flags/c.yaml': `id: flg_1\n${flagText()}` });
  const texts = {
    'web-app/flags/c.yaml': `id: flg_1\n${flagText()}`,
    'web-app/flags/C.yaml': `id: flg_1\n${flagText()}`,
  };
  const loaded = changed(texts, before);
  assert.equal(staleKeys(loaded), []);
  assert.equal([...projectOf(loaded).flags.keys()], ['a', 'b', 'c']);
  assert.equal(
    loaded.findings.map(({ path, code }) => `${path} ${code}`),
    ['flags/acme/web-app/flags/C.yaml DUPLICATE_ID', 'flags/acme/web-app/flags/C.yaml KEY_CASE_COLLISION'],
  );
});

test('a renamed flag that kept its derived id keeps it when a new one takes its old key', () => {
  const id = flagOf(loadTexts(GOOD), 'c')?.id;
  const isOld = (path: string) => path.endsWith('/c.yaml');
  const rest = Object.fromEntries(Object.entries(GOOD).filter(([path]) => !isOld(path)));
  const renamed = { ...rest, 'web-app/flags/d.yaml': `id: ${id}\n${flagText()}` };
  const both = { ...renamed, 'web-app/flags/c.yaml': flagText() };
  const loaded = loadTexts(both, loadTexts(renamed).snapshot);
  assert.equal([...projectOf(loaded).flags.keys()], ['a', 'b', 'd']);
  assert.is(flagOf(loaded, 'd')?.id, id);
  assert.equal(
    loaded.findings.map(({ path, code }) => `${path} ${code}`),
    ['flags/acme/web-app/flags/c.yaml DUPLICATE_ID'],
  );
});

test('a file that is gone is a deletion', () => {
  const loaded = changed({
    'web-app/flags/c.yaml': null,
    'web-app/overrides/c.yaml': null,
    'web-app/tests/c.yaml': null,
  });
  assert.is(flagOf(loaded, 'c'), undefined);
  assert.equal(loaded.missing, []);
});

test('a broken or missing project.yaml keeps the one from before', () => {
  for (const text of ['environments: production\n', null]) {
    const loaded = changed({
      'web-app/project.yaml': text,
      'web-app/flags/b.yaml': flagText('    serve: off\n'),
    });
    assert.equal(projectOf(loaded).environments, ['staging', 'production']);
    assert.is(answer(loaded, 'b', 'u-9'), 'off');
  }
});

test('a project whose project.yaml was never good is not served, and asked for in history', () => {
  const loaded = loadTexts({ ...GOOD, 'api/project.yaml': 'x', 'api/flags/a.yaml': flagText() });
  assert.equal([...(loaded.snapshot?.projects.keys() ?? [])], ['web-app']);
  assert.equal(loaded.missing, ['flags/acme/api/project.yaml']);
});

test('a broken org.yaml keeps the one from before; one that was never good is empty', () => {
  const before = loadTexts({ ...GOOD, 'org.yaml': 'id: org_1\n' });
  const loaded = changed({ 'org.yaml': 'id: [org_1]\n' }, before);
  assert.equal(loaded.snapshot?.file, { id: 'org_1' });
  const never = loadTexts({ ...GOOD, 'org.yaml': 'id: [org_1]\n' });
  assert.equal(never.snapshot?.file, {});
  assert.equal(never.missing, ['flags/acme/org.yaml']);
});

test('broken API keys keep those from before; without any, nobody gets in', () => {
  const key = `{ name: k, environment: production, kind: server, prefix: fs_s, hash: ${'a'.repeat(64)} }`;
  const before = loadTexts({ ...GOOD, 'web-app/keys.yaml': `- ${key}\n` });
  assert.is(projectOf(changed({ 'web-app/keys.yaml': 'x' }, before)).apiKeys.length, 1);
  assert.equal(projectOf(loadTexts({ ...GOOD, 'web-app/keys.yaml': 'x' })).apiKeys, []);
});

test('what is broken and was never good is left out and named, with what may have broken it', () => {
  const loaded = loadTexts({ ...GOOD, 'web-app/segments/t.yaml': 'x' });
  assert.equal([...projectOf(loaded).flags.keys()], ['b', 'c']);
  assert.equal([...projectOf(loaded).segments.keys()], []);
  assert.equal([...loaded.missing].sort(), [
    'flags/acme/web-app/flags/a.yaml',
    'flags/acme/web-app/segments/s.yaml',
    'flags/acme/web-app/segments/t.yaml',
  ]);
});

test('an older commit, loaded by itself, serves as the version from before', () => {
  const older = loadTexts(GOOD);
  const loaded = changed({ 'web-app/flags/a.yaml': 'x' }, older);
  assert.equal(loaded.missing, []);
  assert.is(answer(loaded, 'a', 'u-1'), 'on');
});

test.run();
