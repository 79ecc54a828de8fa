import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change, FlagDelete, SegmentDelete } from '../../src/changes/change.js';
import { refuseUsed } from '../../src/changes/users.js';
import type { FlagKey, ProjectKey, SegmentKey } from '../../src/model/keys.js';
import { sourcesOf, type Texts } from '../files/org-files.js';
import { failureOf, project } from './drafted.js';

const test = suite('what others use');

const flagA: FlagDelete = { kind: 'flag.delete', project, flag: 'a' as FlagKey };
const segmentS: SegmentDelete = { kind: 'segment.delete', project, segment: 's' as SegmentKey };
const FILES: Texts = {
  'web-app/flags/b.yaml':
    'environments:\n  staging: { enabled: true, requires: [a] }\n  production: { enabled: true }\n',
  'web-app/flags/c.yaml':
    'environments:\n  production:\n    enabled: true\n    segments: [s]\n    rules:\n' +
    '      - { id: x, when: [{ any: [{ flag: a, variant: off }, { segment: s }] }] }\n',
  'web-app/flags/d.yaml': 'environments: {}\n',
  'web-app/segments/t.yaml': 'when: [{ not: { segment: s } }]\n',
  'web-app/segments/u.yaml': 'when: [{ segment: t }]\n',
  'mobile/flags/e.yaml': 'environments:\n  production: { enabled: true, requires: [a], segments: [s] }\n',
  'web-app/flags/f.yaml': 'x: [\n',
};

function usersOf(change: Change): unknown {
  return failureOf(() => refuseUsed(sourcesOf(FILES), [change])).data.details?.users;
}

test('a flag is used by what requires it and by rules that ask for it, in each environment once', () => {
  assert.equal(usersOf(flagA), [
    { flag: 'b', environment: 'staging' },
    { flag: 'c', environment: 'production' },
  ]);
});

test('a segment is used by what attaches it, by rules that ask for it and by other segments', () => {
  assert.equal(usersOf(segmentS), [{ flag: 'c', environment: 'production' }, { segment: 't' }]);
});

test('what others use is not deleted, and they are named (FLAG_IN_USE, SEGMENT_IN_USE)', () => {
  const of = (change: Change) => failureOf(() => refuseUsed(sourcesOf(FILES), [change]));
  assert.is(of(flagA).code, 'FLAG_IN_USE');
  assert.is(of(flagA).message, 'a cannot be deleted: b (staging), c (production) need it');
  assert.is(of(segmentS).code, 'SEGMENT_IN_USE');
  assert.is(of(segmentS).message, 'segment s cannot be deleted: c (production), segment t need it');
});

test('what nobody uses any more, what others of another project use, and what is made anew is deleted', () => {
  refuseUsed(sourcesOf({ 'web-app/flags/d.yaml': 'environments: {}\n' }), [flagA, segmentS]);
  refuseUsed(sourcesOf(FILES), [
    { ...flagA, project: 'api' as ProjectKey },
    { ...segmentS, segment: 'u' as SegmentKey },
  ]);
  const anew = {
    ...FILES,
    'web-app/flags/a.yaml': 'environments: {}\n',
    'web-app/segments/s.yaml': 'active: true\n',
  };
  refuseUsed(sourcesOf(anew), [flagA, segmentS]);
});

test.run();
