import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { valueAfter } from '../../src/files/edit-steps.js';
import { mergeEdits } from '../../src/http/merge-patch.js';
import type { JsonObject, JsonValue } from '../../src/model/values.js';

/** The examples of RFC 7396, appendix A, whose target and patch are objects: target, patch, result. */
const EXAMPLES: readonly (readonly [JsonObject, JsonObject, JsonObject])[] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

for (const [target, patch, result] of EXAMPLES) {
  test(`${JSON.stringify(target)} merged with ${JSON.stringify(patch)} (RFC 7396, A)`, () => {
    assert.equal(mergeEdits(patch, target).reduce<JsonValue>(valueAfter, target), result);
  });
}

test('what is no object gives way to one', () => {
  const edits = mergeEdits({ serve: { on: 20, off: null } }, { serve: 'off' });
  assert.equal(edits, [{ at: ['serve'], set: { on: 20 } }]);
});

test('an object that is not there is made field by field, so that nobody else is overwritten', () => {
  const edits = mergeEdits({ a: { b: 1, c: { d: 2 } } }, {});
  assert.equal(edits, [
    { at: ['a', 'b'], set: 1 },
    { at: ['a', 'c', 'd'], set: 2 },
  ]);
});

test.run();
