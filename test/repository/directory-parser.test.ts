import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFile } from '../../src/files/parse.js';
import { DirectoryParser } from '../../src/repository/directory-parser.js';
import { blobId } from '../../src/repository/loose-object.js';
import { flagsRepository, writeFiles } from '../cli/run.js';

/** More than are parsed without workers; each third one is broken. */
const MANY = 1_020;
const textOf = (number: number): string =>
  number % 3 === 0 ? 'nonsense: 1\n' : `environments: {}\nname: ${number}\n`;
const pathOf = (number: number): string => `flags/acme/web-app/flags/flag-${number}.yaml`;

/** Those that workers parse come first. */
const GONE = [3, MANY - 1];
const CHANGED = 7;

test('many files are parsed as each alone is: one that changed meanwhile as it is now, those that went not at all', async () => {
  const numbers = Array.from({ length: MANY }, (_, number) => number);
  const dir = flagsRepository(Object.fromEntries(numbers.map((number) => [pathOf(number), textOf(number)])));
  const files = numbers.map((number) => ({ path: pathOf(number), kind: 'flag' as const }));
  writeFiles(dir, { [pathOf(CHANGED)]: 'environments: {}\nname: changed\n' });
  for (const number of GONE) rmSync(join(dir, pathOf(number)));
  const parser = new DirectoryParser(dir);
  const parsed = await parser.parse(files);
  await parser.close();
  const byPath = new Map(files.map(({ path }, index) => [path, parsed[index]]));
  for (const number of numbers) {
    const text = number === CHANGED ? 'environments: {}\nname: changed\n' : textOf(number);
    // As JSON has it: a broken file has no value.
    const alone = JSON.stringify(parseFile('flag', Buffer.from(text)));
    const read = byPath.get(pathOf(number));
    if (GONE.includes(number)) {
      assert.is(read, undefined);
      continue;
    }
    assert.is(JSON.stringify(read?.parsed), alone);
    assert.is(read?.blob, blobId(Buffer.from(text)));
  }
});

test.run();
