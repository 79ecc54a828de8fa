import { EventEmitter, once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { followWorkTree, type WorkTreeFollower } from '../../src/repository/work-tree-follower.js';
import { writeFiles } from '../cli/run.js';
import { temporaryFolder } from '../support/git.js';

const test = suite<{ follower: WorkTreeFollower | undefined }>('following the plain files of a folder');
const FILE = 'flags/acme/org.yaml';

test.after.each(({ follower }) => follower?.close());

test('tells at once what there is, then each change, and never twice at the same time', async (opened) => {
  const dir = temporaryFolder();
  writeFiles(dir, { [FILE]: 'name: Acme\n' });
  const calls = new EventEmitter();
  let running = 0;
  opened.follower = followWorkTree(dir, {
    onChange: async () => {
      running += 1;
      assert.is(running, 1);
      calls.emit('call');
      await new Promise(setImmediate);
      running -= 1;
    },
    onTrouble: (error) => calls.emit('error', error),
  });
  await once(calls, 'call');
  for (const name of ['Globex', 'Initech']) {
    const call = once(calls, 'call');
    writeFiles(dir, { [FILE]: `name: ${name}\n` });
    await call;
  }
  const gone = once(calls, 'call');
  rmSync(join(dir, 'flags'), { recursive: true });
  await gone;
});

test('what the listener throws ends it, and is not lost', async (opened) => {
  const dir = temporaryFolder();
  writeFiles(dir, { [FILE]: 'name: Acme\n' });
  const bug = new Error('a bug');
  opened.follower = followWorkTree(dir, { onChange: () => Promise.reject(bug), onTrouble: () => undefined });
  assert.is(await opened.follower.failed.catch((error: unknown) => error), bug);
});

test('what the system refuses is told, and tried again', async (opened) => {
  const dir = temporaryFolder();
  writeFiles(dir, { [FILE]: 'name: Acme\n' });
  const told: (string | undefined)[] = [];
  const read = new Promise<void>((resolve) => {
    let tries = 0;
    opened.follower = followWorkTree(dir, {
      onChange: async () => {
        tries += 1;
        const refusal = Object.assign(new Error('refused'), { code: 'EMFILE', syscall: 'open' });
        if (tries === 1) throw refusal;
        resolve();
      },
      onTrouble: ({ code }) => told.push(code),
    });
  });
  await read;
  assert.equal(told, ['EMFILE']);
});

test.run();
