/** Commits on a file system that is full, in a clone of its own each time; makes room, commits again; prints the outcome. */
import { join } from 'node:path';
import { FILES } from '../../test/repository/writable.js';
import { repositoryAt } from '../../test/support/git.js';
import { fillDisk, makeRoom } from '../crash/room.js';
import { KINDS, openCommitter, WRITTEN } from './committer.js';
import { judge, type Outcome, summed } from './parts.js';

const [dir = '', count = '0', kindName] = process.argv.slice(2);
const kind = KINDS.find((name) => name === kindName) ?? 'ours';
const outcomes: Outcome[] = [];
for (let round = 0; round < Number(count); round += 1) {
  const path = join(dir, `clone-${round}`);
  await repositoryAt(dir).git('init', '--quiet', '--initial-branch=main', path);
  const clone = repositoryAt(path);
  await clone.commit(FILES, 'start');
  const committer = await openCommitter(kind, path, WRITTEN[0]);
  const acknowledged: string[] = [];
  const commit = async (text: string): Promise<void> =>
    committer.write(text).then(
      (made) => void acknowledged.push(made),
      () => undefined,
    );
  fillDisk(dir, round % 14);
  await commit('full');
  makeRoom(dir);
  await commit('room');
  await committer.close();
  outcomes.push(await judge(clone, acknowledged));
}
console.log(JSON.stringify(summed(outcomes)));
