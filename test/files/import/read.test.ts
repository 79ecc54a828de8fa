import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UnreadableSource } from '../../../src/files/import/imported.js';
import { readForeign, readForeignAll } from '../../../src/files/import/read.js';

function sentence(name: string, text: string): string {
  try {
    return JSON.stringify(readForeign(name, text));
  } catch (error) {
    if (error instanceof UnreadableSource) return error.message;
    throw error;
  }
}

test('text without an ending is JSON where it starts so, and YAML else', () => {
  assert.equal(readForeign('standard input', ' { "a": 1 }'), { a: 1 });
  assert.equal(readForeign('standard input', 'a: 1 # one'), { a: 1 });
  assert.match(sentence('standard input', '{ a'), /^standard input: /);
  assert.is(sentence('x.yaml', 'null'), 'null');
  for (const text of ['', ' \n', '# soon\n'])
    assert.is(sentence('x.yaml', text), 'x.yaml: there is nothing in it');
});

test('a key that stands twice in a map is named: nobody knows which was meant', () => {
  assert.is(sentence('x.json', '[{ "a": 1, "b": { "a": "\\"a" } }]'), '[{"a":1,"b":{"a":"\\"a"}}]');
  assert.is(
    sentence('x.json', '{ "b": [{ "a": 1, "\\u0061" : 2 }] }'),
    'x.json: the key "a" stands twice in one map',
  );
  assert.is(sentence('x.yaml', 'b: { a: 1, a: 2 }'), 'x.yaml: the key "a" stands twice in one map');
  assert.is(sentence('x.yaml', 'c: &c { a: 1 }\nb: { <<: *c, a: 2 }'), '{"c":{"a":1},"b":{"a":2}}');
});

test('text that is nested beyond measure is refused and never exhausts the stack (P14)', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  assert.match(sentence('x.json', nested(100)), /^\[/);
  for (const [name, depth] of [
    ['x.json', 600],
    ['x.json', 20_000],
    ['x.yaml', 600],
  ] as const)
    assert.is(sentence(name, nested(depth)), `${name}: it is nested more than 500 deep`);
  assert.match(sentence('x.yaml', nested(20_000)), /^x.yaml: /);
});

test('several documents of YAML are told apart', () => {
  assert.equal(readForeignAll('x.yaml', 'a: 1\n---\na: 2\n'), [{ a: 1 }, { a: 2 }]);
  assert.is(sentence('x.yaml', 'a: 1\n---\na: 2\n'), 'x.yaml: it holds several documents; one was wanted');
});

test.run();
