import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LoadedOrg } from '../../src/files/loaded.js';
import { flagText, loadTexts, projectOf, type Texts, toldOf, webApp } from './org-files.js';

const test = suite('environments that are removed (DESIGN 5)');

const IN_STAGING = 'environments:\n  staging: { enabled: true }\n';
const PROJECT = 'web-app/project.yaml';
const PROJECT_PATH = `flags/acme/${PROJECT}`;
const GOOD: Texts = webApp({ 'flags/a.yaml': flagText(), 'flags/b.yaml': flagText() });
const REMOVED: Texts = { ...GOOD, [PROJECT]: 'environments: [staging]\n' };

function served(texts: Texts): LoadedOrg {
  return loadTexts(texts, loadTexts(GOOD).snapshot);
}

function errorsOf({ findings }: LoadedOrg): string[] {
  return findings.map(({ path, code, message }) => `${path} ${code} ${message}`);
}

function removalError(named: string): string {
  return `${PROJECT_PATH} UNKNOWN_ENVIRONMENT environment production: removed, but still named; did you mean to remove it from ${named} too?`;
}

test('a project.yaml without an environment that flags still name keeps the one from before (P9)', () => {
  const loaded = served({ ...REMOVED, 'web-app/flags/b.yaml': flagText('    serve: off\n') });
  const { environments, defaultEnvironment, flags } = projectOf(loaded);
  assert.equal(environments, ['staging', 'production']);
  assert.is(defaultEnvironment, 'production');
  assert.equal(
    Array.from(flags.values(), ({ stale }) => stale),
    [undefined, undefined],
  );
  assert.equal(loaded.missing, []);
});

test('the mistake is told once, where it was made, with who names the environment', () => {
  assert.equal(errorsOf(served(REMOVED)), [removalError('flag a and 1 other file')]);
  assert.equal(errorsOf(served({ ...REMOVED, 'web-app/flags/c.yaml': flagText() })), [
    removalError('flag a and 2 other files'),
  ]);
  const oneLeft = { ...REMOVED, 'web-app/flags/a.yaml': IN_STAGING };
  assert.equal(errorsOf(served(oneLeft)), [removalError('flag b')]);
});

test('overrides and API keys keep an environment as flags do', () => {
  const moved = { ...REMOVED, 'web-app/flags/a.yaml': IN_STAGING, 'web-app/flags/b.yaml': IN_STAGING };
  const override = '- { users: [u-1], environments: [production] }\n';
  assert.equal(errorsOf(served({ ...moved, 'web-app/overrides/a.yaml': override })), [
    removalError('the overrides of a'),
  ]);
  const key = `{ name: k, environment: production, kind: server, prefix: fs_s, hash: ${'a'.repeat(64)} }`;
  assert.equal(errorsOf(served({ ...moved, 'web-app/keys.yaml': `- ${key}\n` })), [
    removalError('the API keys'),
  ]);
});

test('an environment goes when the flags that named it are moved in the same commit, or later', () => {
  const moved = { ...REMOVED, 'web-app/flags/a.yaml': IN_STAGING, 'web-app/flags/b.yaml': IN_STAGING };
  for (const before of [loadTexts(GOOD), served(REMOVED)]) {
    const loaded = loadTexts(moved, before.snapshot);
    assert.equal(projectOf(loaded).environments, ['staging']);
    assert.equal(errorsOf(loaded), []);
  }
});

test('a file that cannot be read names what its last good version does: that one needs it', () => {
  const moved = { ...REMOVED, 'web-app/flags/a.yaml': IN_STAGING, 'web-app/flags/b.yaml': 'x' };
  const loaded = served(moved);
  assert.equal(projectOf(loaded).environments, ['staging', 'production']);
  assert.equal(errorsOf(loaded), [removalError('flag b')]);
  assert.equal(projectOf(loadTexts(moved)).environments, ['staging']);
});

test('without a version from before, it is told at the flags, and project.yaml is asked for in history', () => {
  assert.equal(toldOf(REMOVED), [
    'web-app/flags/a.yaml:2:3 error UNKNOWN_ENVIRONMENT',
    'web-app/flags/b.yaml:2:3 error UNKNOWN_ENVIRONMENT',
  ]);
  assert.ok(loadTexts(REMOVED).missing.includes(PROJECT_PATH));
});

test.run();
