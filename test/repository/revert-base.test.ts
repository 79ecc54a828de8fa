import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CommitRevert } from '../../src/changes/change.js';
import { openRepository } from '../../src/repository/git.js';
import { changesAt } from '../../src/repository/revert-base.js';
import { createRepository, type TestRepository } from '../support/git.js';

const test = suite('repository/revert-base');

const FLAG = 'flags/acme/web-app/flags/dark-mode.yaml';
const OTHER = 'flags/acme/web-app/flags/layout-v2.yaml';
const KILLED = 'environments: { production: { enabled: true, killed: true } }\n';
const LIVE = 'environments: { production: { enabled: true } }\n';

function revertRead(at: string): CommitRevert {
  const file = { before: LIVE, after: KILLED, changedSince: false };
  const files = [FLAG, OTHER].map((path) => ({ ...file, path }));
  return { kind: 'commit.revert', commit: at, subject: 'kill', isMerge: false, head: at, files };
}

async function changedAt(made: TestRepository, revert: CommitRevert): Promise<readonly boolean[]> {
  const base = { repository: await openRepository(made.dir), commit: await made.head() };
  const [change] = await changesAt(base, [revert]);
  return change?.kind === 'commit.revert' ? change.files.map(({ changedSince }) => changedSince) : [];
}

test('a kill that was let go of and set again after the history was read is another kill', async () => {
  const made = await createRepository({ [FLAG]: LIVE, [OTHER]: LIVE });
  const kill = await made.commit({ [FLAG]: KILLED, [OTHER]: KILLED }, 'kill');
  const revert = revertRead(kill);
  assert.equal(await changedAt(made, revert), [false, false]);
  await made.commit({ [FLAG]: LIVE }, 'unkill');
  await made.commit({ [FLAG]: KILLED }, 'kill again');
  assert.equal(await changedAt(made, revert), [true, false]);
});

test('where the head of the history is none of the chain any more, everything counts as changed', async () => {
  const made = await createRepository({ [FLAG]: LIVE, [OTHER]: LIVE });
  const kill = await made.commit({ [FLAG]: KILLED, [OTHER]: KILLED }, 'kill');
  await made.git('reset', '--quiet', '--hard', 'HEAD~1');
  await made.commit({ [FLAG]: KILLED, [OTHER]: KILLED }, 'kill in other words');
  assert.equal(await changedAt(made, revertRead(kill)), [true, true]);
});

test.run();
