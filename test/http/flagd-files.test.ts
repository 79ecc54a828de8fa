import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileNow } from '../../src/evaluation/compile.js';
import type { CompiledEnvironment } from '../../src/evaluation/compiled.js';
import { DefinitionsFiles } from '../../src/http/flagd-files.js';
import { on, production } from '../evaluation/forms.js';
import { snapshotOf } from '../support/cases.js';

test('the file of an environment is made once, also for requests at the same time', async () => {
  const files = new DefinitionsFiles();
  const environment = environmentOf(['a', 'b']);
  const [one, other] = await Promise.all([files.of(environment), files.of(environment)]);
  assert.is(one, other);
  assert.is(await files.of(environment), one);
  assert.equal(Object.keys(JSON.parse(String(one?.bytes)).flags), ['a', 'b']);
});

test('no more bytes are kept than may be: the oldest files go first, and are made again alike', async () => {
  const environments = ['a', 'b', 'c'].map((key) => environmentOf([key]));
  const [first, second, third] = environments;
  if (first === undefined || second === undefined || third === undefined) throw new Error('there are three');
  const { bytes, tag } = await new DefinitionsFiles().of(first);
  const files = new DefinitionsFiles(2 * bytes.length);
  const [oldest, newer] = [await files.of(first), await files.of(second)];
  await files.of(third);
  assert.is(await files.of(second), newer);
  const again = await files.of(first);
  assert.is.not(again, oldest);
  assert.is(again.tag, tag);
});

function environmentOf(keys: readonly string[]): CompiledEnvironment {
  const flags = Object.fromEntries(keys.map((key) => [key, on()]));
  return production(compileNow(snapshotOf({ flags })));
}

test.run();
