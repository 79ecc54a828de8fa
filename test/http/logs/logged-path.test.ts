import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loggedPath } from '../../../src/http/logs/logged-path.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXJjIn0.c2lnbmF0dXJl';
const KEY = 'fs_server_0123456789abcdef';

const CASES: readonly (readonly [string, string])[] = [
  ['/api/v1/feature-flags/new-checkout', '/api/v1/feature-flags/new-checkout'],
  ['/stream?ticket=secret', '/stream'],
  ['/a?', '/a'],
  [`/docs/${KEY}`, '/docs/[secret]'],
  ['/x/whsec_C2FVsBQIhrscChlQIMVb5sSYspob7oD', '/x/[secret]'],
  ['/x/whsec_C2FVsBQIhrsc+lQIMV=', '/x/[secret]'],
  [`/docs/${TOKEN}/more`, '/docs/[secret]/more'],
  [`/docs/%66s_server_0123456789abcdef`, '/docs/[secret]'],
  ['/api/admin/members/ada@example.com', '/api/admin/members/[address]'],
  ['/api/admin/members/ada%40example.com/x', '/api/admin/members/[address]/x'],
  ['/a%0aGET /health 200', '/a%{a}GET%{20}/health%{20}200'],
  ['/\u0085\u001b[2J', '/%{85}%{1b}[2J'],
  ['/%E2%98%82', '/%{2602}'],
  ['/%zz', '/%zz'],
];

for (const [url, shown] of CASES) {
  test(`P18: ${JSON.stringify(url)} is shown without secrets, addresses and control characters`, () => {
    assert.is(loggedPath(url), shown);
  });
}

test('a long path is cut, and none of what is cut is half a secret', () => {
  const path = loggedPath(`/${'a'.repeat(500)}/${KEY}/${'b'.repeat(9_000)}`);
  assert.is(path.length, 515);
  assert.not.match(path, 'fs_');
});

test.run();
