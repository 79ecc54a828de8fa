import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diffFiles, sentencesOf } from '../../src/changes/difference-files.js';
import { filePair } from './difference/file-pair.js';

const PROJECT = 'flags/acme/web-app';
const ON = 'environments: { production: { enabled: true } }';
const KILLED = 'environments: { production: { enabled: true, killed: true } }';

test('a difference says where it is, what it is, and what there was and is', () => {
  const path = `${PROJECT}/flags/new-checkout.yaml`;
  assert.equal(diffFiles([filePair(path, ON, KILLED)]), [
    {
      path,
      resource: { type: 'flag', org: 'acme', project: 'web-app', key: 'new-checkout' },
      environment: 'production',
      part: { kind: 'field', name: 'killed' },
      action: 'changed',
      at: ['environments', 'production', 'killed'],
      before: false,
      after: true,
      sentence: 'production: killed',
    },
  ]);
});

test('lines name the resource where there are several, and its project where there are several of those', () => {
  const killed = (path: string) => filePair(path, ON, KILLED);
  const one = killed(`${PROJECT}/flags/a.yaml`);
  const override = filePair(`${PROJECT}/overrides/a.yaml`, null, '[{ users: [u-1] }]');
  const segment = filePair(`${PROJECT}/segments/s.yaml`, 'active: true', 'active: false');
  const elsewhere = killed('flags/acme/api/flags/a.yaml');
  assert.equal(sentencesOf(diffFiles([one, override])), ['production: killed', 'override for u-1 added: on']);
  assert.equal(sentencesOf(diffFiles([one, segment])), ['a: production: killed', 'segment s: now inactive']);
  assert.equal(sentencesOf(diffFiles([one, elsewhere])), [
    'api/a: production: killed',
    'web-app/a: production: killed',
  ]);
  assert.equal(sentencesOf(diffFiles([one, killed('flags/other/web-app/flags/a.yaml')])), [
    'acme/web-app/a: production: killed',
    'other/web-app/a: production: killed',
  ]);
});

test('the order is settings, then organizations, each before its projects, each project before its files', () => {
  const names = [
    'flags/b/org.yaml',
    `${PROJECT}/tests/a.yaml`,
    `${PROJECT}/flags/a.yaml`,
    `${PROJECT}/project.yaml`,
  ];
  const paths = [...names, 'flags/acme/api/flags/z.yaml', 'flags/acme/org.yaml', '.flagstaff.yaml'];
  const told = diffFiles(paths.map((path) => filePair(path, '{', '[')));
  assert.equal(
    told.map(({ path }) => path),
    [
      '.flagstaff.yaml',
      'flags/acme/org.yaml',
      'flags/acme/api/flags/z.yaml',
      `${PROJECT}/project.yaml`,
      `${PROJECT}/flags/a.yaml`,
      `${PROJECT}/tests/a.yaml`,
      'flags/b/org.yaml',
    ],
  );
});

test('a flag that comes or goes with its overrides and tests is one difference, and one for each of them that says something', () => {
  const files = (before: string | null, ...[flag, overrides, tests]: (string | null)[]) => [
    filePair(`${PROJECT}/flags/a.yaml`, before, flag ?? null),
    filePair(
      `${PROJECT}/overrides/a.yaml`,
      before && '[{ users: [u-1], companies: [c-1] }]',
      overrides ?? null,
    ),
    filePair(`${PROJECT}/tests/a.yaml`, before && '[]', tests ?? null),
  ];
  assert.equal(sentencesOf(diffFiles(files(ON))), [
    'removed, was enabled in production',
    'overrides removed: u-1 and c-1',
  ]);
  assert.equal(sentencesOf(diffFiles(files(null, ON, null, '[{ name: A case, expect: { variant: on } }]'))), [
    'added, enabled in production',
    'tests added: "A case"',
  ]);
  assert.equal(sentencesOf(diffFiles([filePair(`${PROJECT}/flags/a.yaml`, null, KILLED)])), [
    'added, enabled nowhere',
  ]);
});

test('a file that cannot be read tells that, and invents nothing', () => {
  const path = `${PROJECT}/flags/a.yaml`;
  const told = (before: string | null, after: string | null) =>
    diffFiles([filePair(path, before, after)]).map(({ part, sentence }) => [part.kind, sentence]);
  assert.equal(told(ON, '{'), [['readable', 'no longer readable']]);
  assert.equal(told('{', ON), [['readable', 'readable again']]);
  assert.equal(told('{', '['), [['readable', 'changed, and still not readable']]);
  assert.equal(told(null, '{'), [['whole', 'added, not readable']]);
  assert.equal(told('{', null), [['whole', 'removed, not readable']]);
  assert.equal(told(ON, ON), []);
});

test('a file that is not read is told as a file', () => {
  const path = 'flags/acme/notes.txt';
  const [difference] = diffFiles([filePair(path, null, 'x')]);
  assert.equal([difference?.resource, difference?.sentence], [{ type: 'file', path }, 'added']);
});

test('an empty list that comes or goes means nothing', () => {
  const kinds = diffFiles([filePair(`${PROJECT}/overrides/a.yaml`, null, '[]')]).map(({ part }) => part.kind);
  assert.equal(kinds, ['layout']);
});

test.run();
