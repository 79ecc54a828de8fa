import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { derivedId, numericId } from '../../src/model/ids.js';
import { parseId } from '../../src/model/keys.js';

test('a derived id is pinned: changing it would rename every flag of every user', () => {
  assert.is(derivedId('flg', 'acme', 'web-app', 'dark-mode'), 'flg_1EHT5NKBNDCD0HWN');
  assert.is(derivedId('org', 'acme'), 'org_4NDEFXWTH8P199F5');
});

test('a derived id has its prefix and 16 characters of Crockford’s base32, and is an id', () => {
  const id = derivedId('seg', 'acme', 'web-app', 'beta-testers');
  assert.match(id, /^seg_[0-9A-HJKMNP-TV-Z]{16}$/);
  assert.is(parseId(id), id);
});

test('the number of an id is pinned: clients keep it, and numbers of JSON hold it (seeds/README)', () => {
  assert.is(numericId('flg_01J4K8M2N3P5Q7F1'), 223921978566348);
  assert.ok(numericId('') < 2 ** 48);
});

test('names are kept apart: other kinds and other places give other ids', () => {
  const ids = [
    derivedId('flg', 'a', 'b', 'c'),
    derivedId('seg', 'a', 'b', 'c'),
    derivedId('flg', 'a', 'c', 'b'),
    derivedId('flg', 'a', 'b'),
  ];
  assert.is(new Set(ids).size, ids.length);
});

test.run();
