/**
 * Follows a remote in a process of its own, and is ended by its disk at the call that it is told. Each acknowledged change
 * is a line on standard output, written at once.
 */
import { writeSync } from 'node:fs';
import { openFollowed } from '../../test/repository/remote/followed-clone.js';
import { repositoryAt } from '../../test/support/git.js';
import { faultDisk } from './fault-disk.js';
import { followScenarioOf, URL_OF_COPIES } from './follow-scenario.js';

const [dir = '', bare = '', name = '', call = '0'] = process.argv.slice(2);
await main();

async function main(): Promise<void> {
  const { mode, run } = followScenarioOf(name);
  const disk = faultDisk();
  const remote = { bare: repositoryAt(bare), url: URL_OF_COPIES };
  const on = await openFollowed(remote, repositoryAt(dir), { mode, disk });
  disk.arm('SIGKILL', Number(call));
  await run(on, (subject) => writeSync(1, `${subject}\n`));
  disk.disarm();
  await on.close();
}
