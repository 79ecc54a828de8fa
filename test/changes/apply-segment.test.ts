import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import type { ProjectKey, SegmentKey } from '../../src/model/keys.js';
import { apply, baseOf, flag, project, refusal, segment, texts } from './drafted.js';

const test = suite('segments and tests');

const TEXT = 'description: Early # birds\ninclude: { users: [u-1] }\n';
const files = { 'segments/s.yaml': TEXT };
const create: Change = {
  kind: 'segment.create',
  project,
  segment,
  file: { include: { users: ['u-1'] }, description: 'Early' },
};
const remove: Change = { kind: 'segment.delete', project, segment };

test('a new segment is written in the order of the fields, with its schema where there is one', () => {
  const text = 'description: Early\ninclude: { users: [u-1] }\n';
  assert.equal(texts({}, create), { 'segments/s.yaml': text });
  assert.equal(texts(baseOf({}, { hasSchemas: true }), create), {
    'segments/s.yaml': `# yaml-language-server: $schema=../../../../schemas/segment.json\n${text}`,
  });
});

test('a change of a segment touches the lines that it means', () => {
  const update: Change = {
    kind: 'segment.update',
    project,
    segment,
    edits: [
      { at: ['include', 'users', 1], set: 'u-2' },
      { at: ['description'], set: 'Early' },
    ],
  };
  assert.equal(texts(files, update), { 'segments/s.yaml': TEXT.replace('[u-1]', '[u-1, u-2]') });
  assert.equal(apply(files, update).effective, [{ ...update, edits: update.edits.slice(0, 1) }]);
  assert.equal(apply(files, { ...update, edits: update.edits.slice(1) }), { edits: [], effective: [] });
});

test('a segment goes with its file, even one that nobody can read', () => {
  assert.equal(texts(files, remove), { 'segments/s.yaml': null });
  assert.equal(texts({ 'segments/s.yaml': null }, remove), { 'segments/s.yaml': null });
});

test('what cannot be is refused', () => {
  assert.is(refusal(files, create), 'SEGMENT_EXISTS');
  assert.is(refusal(files, { ...create, segment: 'S' as SegmentKey }), 'SEGMENT_EXISTS');
  assert.is(refusal({}, { ...create, project: 'mobile' as ProjectKey }), 'PROJECT_NOT_FOUND');
  assert.is(refusal({}, remove), 'SEGMENT_NOT_FOUND');
  assert.is(refusal({}, { kind: 'segment.update', project, segment, edits: [] }), 'SEGMENT_NOT_FOUND');
});

const FLAG = { 'flags/a.yaml': 'environments: {}\n' };
const CASES =
  '# pros\n- { name: one, expect: { variant: on } } # why\n- { name: two, expect: { variant: off } }\n';

function replace(...names: readonly string[]): Change {
  const cases = names.map((name) => ({ name, expect: { variant: name === 'two' ? 'off' : 'on' } }));
  return { kind: 'tests.replace', project, flag, tests: cases };
}

test('cases that stay keep their lines', () => {
  const cases = { ...FLAG, 'tests/a.yaml': CASES };
  assert.equal(texts(cases, replace('one', 'two', 'three')), {
    'tests/a.yaml': `${CASES}- name: three\n  expect: { variant: "on" }\n`,
  });
  assert.equal(texts(cases, replace('one')), {
    'tests/a.yaml': CASES.slice(0, CASES.indexOf('- { name: two')),
  });
  assert.equal(apply(cases, replace('one', 'two')), { edits: [], effective: [] });
});

test('the first case makes the file, no case removes it, and a broken one is written anew', () => {
  const one = { 'tests/a.yaml': '- name: one\n  expect: { variant: "on" }\n' };
  assert.equal(texts(FLAG, replace('one')), one);
  assert.equal(texts({ ...FLAG, 'tests/a.yaml': CASES }, replace()), { 'tests/a.yaml': null });
  assert.equal(apply(FLAG, replace()), { edits: [], effective: [] });
  for (const broken of ['- [\n', 'x\n', '- { name: one }\n', null])
    assert.equal(texts({ ...FLAG, 'tests/a.yaml': broken }, replace('one')), one);
  assert.is(refusal({}, replace('one')), 'FLAG_NOT_FOUND');
});

test.run();
