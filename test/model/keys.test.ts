import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  parseEnvironmentKey,
  parseFlagKey,
  parseId,
  parseOrgKey,
  parseProjectKey,
  parseSegmentKey,
} from '../../src/model/keys.js';

const KEBAB_GOOD = ['a', 'acme', 'web-app', '2fa', 'a-1-b', '1', 'x'.repeat(100)];
const KEBAB_BAD = [
  '',
  'A',
  'web_app',
  'web.app',
  '-a',
  'a-',
  'a--b',
  '..',
  '.git',
  'a/b',
  'ä',
  'con',
  'nul',
  'com1',
  'constructor',
  'x'.repeat(101),
];
const NAME_GOOD = [
  'dark-mode',
  'peer_review_beta',
  'a.b',
  'newCheckout',
  '2fa',
  'A',
  'x'.repeat(100),
  'console',
];
const NAME_BAD = [
  '',
  '12',
  '1.2',
  '.a',
  'a.',
  'a..b',
  'a--b',
  'a-_b',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '..',
  '.git',
  'a/b',
  'a\\b',
  'a b',
  'a\n',
  'a%2f',
  'CON',
  'aux',
  'nul.yaml',
  'LPT1',
  'x'.repeat(101),
];
const ID_GOOD = ['flg_01J4K8M2N3P5Q7F1', 'org-456', 'seg-456', '1', 'x'.repeat(64)];
const ID_BAD = ['', '_a', 'a_', 'a__b', 'a.b', 'a/b', 'a b', 'x'.repeat(65)];

for (const [kind, parse] of Object.entries({ parseOrgKey, parseProjectKey, parseEnvironmentKey })) {
  test(`${kind}: lower-case words joined by hyphens, and no Windows device (design, words)`, () => {
    assert.equal(
      KEBAB_GOOD.filter((text) => parse(text) !== text),
      [],
    );
    assert.equal(
      KEBAB_BAD.filter((text) => parse(text) !== undefined),
      [],
    );
  });
}

for (const [kind, parse] of Object.entries({ parseFlagKey, parseSegmentKey })) {
  test(`${kind}: letters and digits joined by - _ or ., with a letter (design, words)`, () => {
    assert.equal(
      NAME_GOOD.filter((text) => parse(text) !== text),
      [],
    );
    assert.equal(
      NAME_BAD.filter((text) => parse(text) !== undefined),
      [],
    );
  });
}

test('an id may be a seed’s: letters and digits joined by - or _, up to 64 (design, words)', () => {
  assert.equal(
    ID_GOOD.filter((text) => parseId(text) !== text),
    [],
  );
  assert.equal(
    ID_BAD.filter((text) => parseId(text) !== undefined),
    [],
  );
});

test.run();
