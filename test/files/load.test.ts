import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { judgeOrgs, loadNow } from '../../src/files/load.js';
import type { SourceFile } from '../../src/files/loaded.js';
import {
  ACME,
  countYields,
  flagOf,
  flagText,
  loadTexts,
  NOW,
  projectOf,
  sourcesOf,
  type Texts,
  webApp,
} from './org-files.js';

const test = suite('load');

const BOTH: Texts = {
  'org.yaml': 'id: org_1\ndefaultProject: web-app\n',
  'api/project.yaml': 'environments: [production]\n',
  ...webApp({
    'flags/b.yaml': flagText('    segments: [s]\n'),
    'flags/a-b.yaml': flagText(),
    'flags/a.yaml': `id: flg_1\n${flagText()}`,
    'segments/s.yaml': 'include: { users: [u-1] }\n',
    'overrides/a.yaml': '- { users: [u-2] }\n',
    'tests/a.yaml': '- { name: one, expect: { variant: on } }\n',
  }),
};

test('a snapshot holds what the files say, in order of the keys', () => {
  const loaded = loadTexts(BOTH);
  const { snapshot } = loaded;
  assert.is(snapshot?.id, 'org_1');
  assert.is(snapshot?.defaultProject, 'web-app');
  assert.equal([...(snapshot?.projects.keys() ?? [])], ['api', 'web-app']);
  assert.equal([...projectOf(loaded).flags.keys()], ['a', 'a-b', 'b']);
  assert.equal(projectOf(loaded).environments, ['staging', 'production']);
  assert.is(projectOf(loaded).defaultEnvironment, 'production');
  assert.equal(flagOf(loaded, 'a')?.overrides, [{ users: ['u-2'] }]);
  assert.equal(flagOf(loaded, 'a')?.tests, [{ name: 'one', expect: { variant: 'on' } }]);
  assert.is(flagOf(loaded, 'a')?.path, 'flags/acme/web-app/flags/a.yaml');
});

test('an id that no file says is derived, and always the same (DESIGN 3)', () => {
  const one = flagOf(loadTexts(BOTH), 'b')?.id;
  assert.match(one ?? '', /^flg_[0-9A-HJKMNP-TV-Z]{16}$/);
  assert.is(flagOf(loadTexts(BOTH), 'b')?.id, one);
  assert.is(flagOf(loadTexts(BOTH), 'a')?.id, 'flg_1');
});

test('the default project is the named one, else the first by key (DESIGN 7)', () => {
  assert.is(loadTexts({ ...BOTH, 'org.yaml': 'id: org_1\n' }).snapshot?.defaultProject, 'api');
});

test('an organization without org.yaml is served', () => {
  const { snapshot, problems } = loadTexts(webApp({ 'flags/a.yaml': flagText() }));
  assert.equal(snapshot?.file, {});
  assert.match(snapshot?.id ?? '', /^org_/);
  assert.equal(problems, []);
});

test('the order of the files means nothing', () => {
  const files = sourcesOf(BOTH);
  const forward = loadNow({ org: ACME, files, previous: undefined, now: NOW });
  const backward = loadNow({ org: ACME, files: [...files].reverse(), previous: undefined, now: NOW });
  assert.equal(backward, forward);
});

test('a folder of files that are not read gives no snapshot', () => {
  assert.is(loadTexts({ 'README.md': '# hi\n' }).snapshot, undefined);
});

test('what did not change is the same object as before, so that compiling can reuse it', () => {
  const one = loadTexts(BOTH);
  const again = loadNow({ org: ACME, files: sourcesOf(BOTH), previous: one.snapshot, now: NOW });
  assert.is(projectOf(again).segments.values().next().value, projectOf(one).segments.values().next().value);
  assert.is(flagOf(again, 'b'), flagOf(one, 'b'));
});

test('a change of the overrides or the tests makes a new flag around the same file', () => {
  const files = sourcesOf(BOTH);
  const one = loadNow({ org: ACME, files, previous: undefined, now: NOW });
  const same = loadNow({ org: ACME, files, previous: one.snapshot, now: NOW });
  assert.is(flagOf(same, 'a'), flagOf(one, 'a'));
  const texts = { ...BOTH, 'web-app/overrides/a.yaml': '- { users: [u-3] }\n' };
  const changed = loadNow({ org: ACME, files: sourcesOf(texts), previous: one.snapshot, now: NOW });
  assert.is.not(flagOf(changed, 'a'), flagOf(one, 'a'));
  assert.is(flagOf(changed, 'a')?.file, flagOf(one, 'a')?.file);
  assert.equal(flagOf(changed, 'a')?.overrides, [{ users: ['u-3'] }]);
});

test('a load yields about each 100 files, so that a server can answer between', () => {
  const flags = Array.from({ length: 1000 }, (_, number) => [`flags/f-${number}.yaml`, flagText()]);
  assert.ok(countYields(webApp(Object.fromEntries(flags))) >= 30);
});

test('a load yields behind each file that something is said of: looking for what is not found takes time', () => {
  const names = Array.from({ length: 300 }, (_, number) => `f-${number}`);
  const texts = webApp(
    Object.fromEntries(
      names.map((name) => [`flags/${name}.yaml`, flagText(`    requires: [not-${name}]\n`)]),
    ),
  );
  assert.ok(countYields(texts) >= names.length);
});

for (const mode of ['symlink', 'submodule', 'special'] as const) {
  test(`a ${mode} where a flag should be is a problem of that file alone (RELIABILITY 3)`, () => {
    const link: SourceFile = {
      path: 'flags/acme/web-app/flags/x.yaml',
      blob: '0'.repeat(40),
      mode,
      parsed: undefined,
    };
    const files = [...sourcesOf(BOTH), link];
    const loaded = loadNow({ org: ACME, files, previous: undefined, now: NOW });
    assert.equal(
      loaded.problems.map(({ path, code }) => `${path} ${code}`),
      ['flags/acme/web-app/flags/x.yaml NOT_A_FILE'],
    );
    assert.equal([...projectOf(loaded).flags.keys()], ['a', 'a-b', 'b']);
    assert.equal(loaded.missing, ['flags/acme/web-app/flags/x.yaml']);
  });
}

test('a file that nobody parsed is a mistake of the caller', () => {
  const [first] = sourcesOf(BOTH);
  assert.ok(first);
  const files = [{ ...first, parsed: undefined }];
  assert.throws(() => loadNow({ org: ACME, files, previous: undefined, now: NOW }), 'was not parsed');
});

test('at most 100 findings of one file are told, errors first; other files keep theirs', () => {
  const past = Array.from({ length: 12_000 }, (_, place) => `- { users: [u-${place}], until: 2020-01-01 }\n`);
  const wrong = Array.from({ length: 12_000 }, (_, place) => `- { users: [v-${place}], serve: blue }\n`);
  const { findings } = loadTexts(
    webApp({
      'flags/a.yaml': flagText(),
      'overrides/a.yaml': [...past, ...wrong].join(''),
      'flags/b.yaml': `expires: 2020-01-01\n${flagText()}`,
    }),
  );
  const told = findings.map(({ path, code }) => `${path.split('/').slice(3).join('/')} ${code}`);
  assert.equal(told, [
    'flags/b.yaml EXPIRED',
    ...Array.from({ length: 100 }, () => 'overrides/a.yaml UNKNOWN_VARIANT'),
  ]);
});

test('an id of two organizations is told of the second by key', () => {
  const one = loadTexts(BOTH).snapshot;
  assert.ok(one);
  const other = { ...one, key: 'globex' as typeof ACME };
  assert.equal(
    judgeOrgs([other, one]).map(({ path, at, code }) => ({ path, at, code })),
    [{ path: 'flags/globex/org.yaml', at: ['id'], code: 'DUPLICATE_ID' }],
  );
});

test.run();
