import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { type ApplyTask, applyTask } from '../../src/repository/apply-task.js';
import { FileReader } from '../../src/repository/file-reader.js';
import { openRepository } from '../../src/repository/git.js';
import { createRepository } from '../support/git.js';
import { CHECKOUT, create, DARK_MODE, FILES, flagKey, ORG, PROJECT } from './writable.js';

const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';

const tasks = suite<{ reader: FileReader }>('changes of long texts');
tasks.before(async (context) => {
  context.reader = new FileReader(await openRepository((await createRepository(FILES)).dir));
});
tasks.after(({ reader }) => reader.close());

/** Of a flag with so many overrides. */
function taskOf(change: Change, entries: number): ApplyTask {
  const names = Array.from({ length: entries }, (_, index) => `- { users: [u-${index}] }\n`);
  return {
    task: 'apply',
    changes: [change],
    options: { org: ORG, now: 0 },
    base: {
      hasSchemas: false,
      paths: new Set(['flags/acme/web-app/project.yaml', CHECKOUT, DARK_MODE, OVERRIDES]),
      texts: new Map([
        [DARK_MODE, String(FILES[DARK_MODE])],
        [OVERRIDES, names.join('')],
      ]),
      lastGood: new Map(),
      naming: new Map(),
      environments: new Map([[PROJECT, ['production']]]),
    },
  };
}

const ADD: Change = {
  kind: 'override.create',
  project: PROJECT,
  flag: flagKey('dark-mode'),
  entry: { users: ['u-new'] },
};

/** Its answer, and whether the main thread could do something else before it. */
async function apply(reader: FileReader, task: ApplyTask) {
  let isFree = false;
  setImmediate(() => {
    isFree = true;
  });
  const answer = await reader.apply(task);
  return { answer, isFree };
}

tasks('are made as those of short ones, and do not hold the main thread (P13)', async ({ reader }) => {
  const long = taskOf(ADD, 1_000);
  const { answer, isFree } = await apply(reader, long);
  assert.is(isFree, true);
  assert.equal(answer, JSON.parse(JSON.stringify(applyTask(long))));
  const [edit] = answer.kind === 'applied' ? answer.applied.edits : [];
  assert.match(edit?.text ?? '', /u-999\] \}\n- \{ users: \[u-new\]/);
});

tasks('short ones wait for no worker', async ({ reader }) => {
  const { answer, isFree } = await apply(reader, taskOf(ADD, 10));
  assert.is(isFree, false);
  assert.is(answer.kind, 'applied');
});

tasks('are refused with the same words and data', async ({ reader }) => {
  const { answer } = await apply(reader, taskOf(create('dark-mode'), 1_000));
  assert.equal(answer, JSON.parse(JSON.stringify(applyTask(taskOf(create('dark-mode'), 0)))));
  assert.is(answer.kind === 'refused' ? answer.failure.code : '', 'FLAG_EXISTS');
});

tasks.run();
