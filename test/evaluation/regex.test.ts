import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { REGEX_TEXT_LIMIT, regexTest } from '../../src/evaluation/regex.js';

test('a text longer than the limit matches nothing, one of that length still does', () => {
  const matches = regexTest('a', false);
  assert.is(matches('a'.repeat(REGEX_TEXT_LIMIT)), true);
  assert.is(matches('a'.repeat(REGEX_TEXT_LIMIT + 1)), false);
});

test('an expression that does not compile never passes and never throws (DESIGN 4)', () => {
  const matches = regexTest('(', false);
  assert.is(matches('('), false);
  assert.is(matches('('), false);
});

test('an expression whose matching is too much work never passes', () => {
  assert.is(regexTest('(?:a?b?){600}', false)('ab'), false);
});

test('the expression may say for itself to ignore case', () => {
  assert.is(regexTest('(?i)beta', false)('BETA'), true);
  assert.is(regexTest('beta', true)('BETA'), true);
  assert.is(regexTest('beta', false)('BETA'), false);
});

test.run();
