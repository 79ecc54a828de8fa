/** Fills the file system of the folder again and again, writes, makes room, writes; prints what it found as JSON. */
import { join } from 'node:path';
import { Failure } from '../../src/model/failure.js';
import { describeFlag, FILES, openOn, writeOf } from '../../test/repository/writable.js';
import { repositoryAt, type TestRepository } from '../../test/support/git.js';
import { fillDisk, makeRoom } from './room.js';
import { cloneFaults } from './sound.js';

const [dir = '', count = '0'] = process.argv.slice(2);
const clone = await emptyClone();
await main();

async function main(): Promise<void> {
  const faults: string[] = [];
  const acknowledged: string[] = [];
  for (let round = 0; round < Number(count); round += 1) {
    const on = await openOn(clone);
    // One block more in each round, so that it is full at another step.
    fillDisk(dir, round % 14);
    const full = await on.writer
      .write(writeOf(describeFlag('new-checkout', `full ${round}`)))
      .catch((error) => error);
    makeRoom(dir);
    if (full instanceof Failure)
      faults.push(...(full.kind === 'full' ? [] : [`round ${round}: ${full.code}`]));
    else acknowledged.push(full.commit);
    acknowledged.push((await on.writer.write(writeOf(describeFlag('new-checkout', `room ${round}`)))).commit);
    await on.close();
    faults.push(...(await cloneFaults(clone)));
  }
  const history = new Set((await clone.git('rev-list', 'HEAD')).split('\n'));
  const lost = acknowledged.filter((commit) => !history.has(commit));
  faults.push(...lost.map((commit) => `commit ${commit} is lost`));
  console.log(JSON.stringify({ tries: Number(count), acknowledged: acknowledged.length, faults }));
}

async function emptyClone(): Promise<TestRepository> {
  const path = join(dir, 'clone');
  await repositoryAt(dir).git('init', '--quiet', '--initial-branch=main', path);
  const made = repositoryAt(path);
  await made.commit(FILES, 'start');
  return made;
}
