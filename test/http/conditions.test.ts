import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { listsTag, parseStrongTags, parseTags } from '../../src/http/conditions.js';

test('If-None-Match lists tags, weak ones too (RFC 9110, 13.1.2)', () => {
  assert.is(parseTags(undefined), undefined);
  assert.is(parseTags(' * '), '*');
  assert.equal(parseTags('"a", W/"b","c,d"'), ['a', 'b', 'c,d']);
});

test('a broken list has the tags up to where it breaks', () => {
  assert.equal(parseTags('a'), []);
  assert.equal(parseTags('"a" "b"'), []);
  assert.equal(parseTags('"a", b'), ['a']);
});

test('If-Match compares strongly: a weak tag matches nothing (RFC 9110, 13.1.1)', () => {
  assert.equal(parseStrongTags('W/"a", "b"'), ['b']);
  assert.equal(parseStrongTags('"W/x"'), ['W/x']);
  assert.is(parseStrongTags('*'), '*');
});

test('a list has a tag, or any', () => {
  assert.ok(listsTag('*', 'a'));
  assert.ok(listsTag(['a'], 'a'));
  assert.not.ok(listsTag(['b'], 'a'));
  assert.not.ok(listsTag(undefined, 'a'));
});

test.run();
