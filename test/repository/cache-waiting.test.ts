import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRepository } from '../support/git.js';
import { LOADER, moduleOf } from '../support/program.js';
import { FILES } from './writable.js';

const test = suite('repository/cache: waiting');

const CACHE = moduleOf('src/repository/cache.ts');
const GIT = moduleOf('src/repository/git.ts');
const WAITER = `
const { openCache } = await import(${JSON.stringify(CACHE)});
const { openRepository } = await import(${JSON.stringify(GIT)});
const cache = await openCache({ repository: await openRepository(process.argv[1]) });
console.log('waiting');
await cache.ready;
console.log(cache.revision);`;

test('a process that waits for the first commit lives until it is served, and then ends by itself', async () => {
  const clone = await createRepository();
  const waiter = execFile(process.execPath, [
    ...[...LOADER, '--input-type=module', '--eval', WAITER],
    clone.dir,
  ]);
  let said = '';
  const isWaiting = new Promise<void>((fulfil) => {
    waiter.stdout?.on('data', (text: string) => {
      said += text;
      fulfil();
    });
  });
  const ended = once(waiter, 'exit');
  await isWaiting;
  const commit = await clone.commit(FILES);
  assert.equal(await ended, [0, null]);
  assert.is(said, `waiting\n${commit}\n`);
});

test.run();
