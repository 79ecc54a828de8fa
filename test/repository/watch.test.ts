import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import { type RenewedWatching, watchWorkTree } from '../../src/repository/watch.js';
import { writeFiles } from '../cli/run.js';
import { temporaryFolder } from '../support/git.js';
import { until } from '../support/until.js';

const test = suite<{ watching: RenewedWatching | undefined; alive: NodeJS.Timeout }>('repository/watch');
const FILE = 'flags/acme/org.yaml';
/** More than what the watch may still have to say of what was before. */
const ROUNDS = 8;

test.before.each((opened) => {
  // A watch keeps no process alive.
  opened.alive = setInterval(() => undefined, 1_000);
});

test.after.each(async ({ watching, alive }) => {
  clearInterval(alive);
  await watching?.close();
});

test('a folder that went and returned, as with a branch that has it not, is watched again', async (opened) => {
  const dir = temporaryFolder();
  writeFiles(dir, { [FILE]: 'name: Acme\n' });
  let calls = 0;
  opened.watching = watchWorkTree(dir, () => {
    calls += 1;
  });
  let writes = 0;
  const seesWrites = async (): Promise<void> => {
    const told = calls + ROUNDS;
    await until(() => {
      writes += 1;
      writeFiles(dir, { [FILE]: `name: ${writes}\n` });
      return calls > told;
    });
  };
  await seesWrites();
  const before = calls;
  rmSync(join(dir, 'flags'), { recursive: true });
  await until(() => calls > before + 1);
  writeFiles(dir, { [FILE]: 'name: Acme\n' });
  opened.watching.renew();
  await seesWrites();
});

test.run();
