import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseFile } from '../../src/files/parse.js';
import { DirectoryParser } from '../../src/repository/directory-parser.js';
import { blobId } from '../../src/repository/loose-object.js';
import { listWorkTree } from '../../src/repository/worktree.js';
import { flagsRepository, writeFiles } from '../cli/run.js';

/** More than are parsed without workers; each third one is broken. */
const MANY = 420;
const textOf = (number: number): string =>
  number % 3 === 0 ? 'nonsense: 1\n' : `environments: {}\nname: ${number}\n`;
const pathOf = (number: number): string => `flags/acme/web-app/flags/flag-${number}.yaml`;

test('many files are parsed as each alone is, and one that changed meanwhile as it is now, by its new id', async () => {
  const numbers = Array.from({ length: MANY }, (_, number) => number);
  const dir = flagsRepository(Object.fromEntries(numbers.map((number) => [pathOf(number), textOf(number)])));
  const listing = await listWorkTree(dir);
  const files = (await Promise.all([...listing.versions.keys()].map((org) => listing.filesOf(org)))).flat();
  writeFiles(dir, { [pathOf(7)]: 'environments: {}\nname: changed\n' });
  const parser = new DirectoryParser(dir);
  const parsed = await parser.parse(files);
  await parser.close();
  const byPath = new Map(files.map(({ path }, index) => [path, parsed[index]]));
  for (const number of numbers) {
    const text = number === 7 ? 'environments: {}\nname: changed\n' : textOf(number);
    // As JSON has it: a broken file has no value.
    const alone = JSON.stringify(parseFile('flag', Buffer.from(text)));
    const read = byPath.get(pathOf(number));
    assert.is(JSON.stringify(read?.parsed), alone);
    assert.is(read?.blob, blobId(Buffer.from(text)));
  }
});

test.run();
