import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Followed, openFollowed } from '../../test/repository/remote/followed-clone.js';
import { type FollowScenario, type PreparedFollow, URL_OF_COPIES } from './follow-scenario.js';
import { cloneFaults } from './sound.js';

/** So many rounds of asking and pushing bring both together, or never. */
const ROUNDS = 5;

/**
 * Restarts on what a fault left, lets clone and remote come together, and says as sentences what is not as it should be:
 * each acknowledged change once in the remote's history, the others once or not at all, the clone whole and the same.
 */
export async function followFaults(
  { mode, subjects, lost }: FollowScenario,
  { bare, clone, acknowledged }: PreparedFollow,
): Promise<readonly string[]> {
  const on = await openFollowed({ bare, url: URL_OF_COPIES }, clone, { mode });
  const stuck = await comeTogether(on).then(
    () => [],
    (error) => [`they do not come together: ${error}`],
  );
  const faults = [...stuck, ...(await cloneFaults(clone))];
  const history = (await bare.git('log', '--format=%s', 'main')).split('\n');
  for (const subject of subjects) {
    const count = history.filter((line) => line === subject).length;
    const least = acknowledged.includes(subject) ? 1 : 0;
    if (count < least || count > 1) faults.push(`"${subject}" is there ${count} times`);
  }
  const others = history.slice(0, -1).filter((line) => !subjects.includes(line));
  faults.push(...others.map((line) => `nobody asked for "${line}"`));
  if ((await clone.head()) !== (await bare.git('rev-parse', 'main'))) faults.push('the clone is another one');
  if (on.pending.count !== 0) faults.push(`${on.pending.count} are pending`);
  if (on.pending.lost.length !== lost) faults.push(`${on.pending.lost.length} are lost`);
  await on.close();
  const left = readdirSync(join(clone.dir, '.git/flagstaff/pending')).filter((name) => name !== 'lost');
  return [...faults, ...left.map((name) => `left behind: ${name}`)];
}

async function comeTogether(on: Followed): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { ahead } = await on.follow();
    if (ahead === 0) return;
    await on.writer.pushPending();
  }
  throw new Error(`not within ${ROUNDS} rounds`);
}
