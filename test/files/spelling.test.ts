import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nearest, suggestion } from '../../src/files/spelling.js';

const test = suite('spelling');

test('a slip is a letter dropped, added, changed or swapped, in any case', () => {
  for (const slip of ['enabld', 'enabledd', 'enabked', 'enalbed', 'Enabled']) {
    assert.is(nearest(slip, ['killed', 'enabled']), 'enabled', slip);
  }
});

test('another word is no slip, nor is a short one that shares nothing', () => {
  assert.is(nearest('visible', ['killed', 'enabled']), undefined);
  assert.is(nearest('de', ['on', 'off']), undefined);
});

test('without a slip the known names are told, not more than people read', () => {
  assert.is(suggestion('blue', ['on', 'off']), 'known: on, off');
  assert.is(suggestion('onn', ['on', 'off']), 'did you mean on?');
  assert.is(suggestion('blue', []), 'there is none');
  const many = Array.from({ length: 30 }, (_, place) => `name-number-${place}`);
  assert.match(suggestion('blue', many), /name-number-19, …$/);
});

test.run();
