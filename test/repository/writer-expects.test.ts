import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/changes/change.js';
import { type Disk, machineDisk } from '../../src/repository/disk.js';
import {
  CHECKOUT,
  DARK_MODE,
  describeFlag,
  enable,
  FILES,
  failureOf,
  flagKey,
  ORG,
  openOn,
  openWritable,
  PROJECT,
  remove,
  type Writable,
  writeOf,
} from './writable.js';

const TESTS = 'flags/acme/web-app/tests/dark-mode.yaml';
const OVERRIDES = 'flags/acme/web-app/overrides/dark-mode.yaml';
const CASE = '- { name: all, environment: production, context: {}, expect: { variant: on } }\n';
const OTHER_CASE = CASE.replace('all', 'everybody');

const expecting = suite<{ on: Writable }>('a write on the files that were shown');
expecting.before.each(async (context) => {
  context.on = await openWritable({ ...FILES, [TESTS]: CASE });
});
expecting.after.each(({ on }) => on.close());

function override(user: string): Change {
  const entry = { users: [user], serve: 'off' };
  return { kind: 'override.create', project: PROJECT, flag: flagKey('dark-mode'), entry };
}

const two = { ...writeOf(enable('new-checkout')), changes: [enable('new-checkout'), override('u-1')] };

expecting('a preview tells of every file that the changes are about, there or not', async ({ on }) => {
  const blob = (path: string) => on.clone.git('rev-parse', `HEAD:${path}`);
  const { expects } = await on.writer.preview(writeOf(remove('dark-mode')));
  assert.equal(expects, {
    [DARK_MODE]: await blob(DARK_MODE),
    [OVERRIDES]: null,
    [TESTS]: await blob(TESTS),
  });
  const { commit } = await on.writer.write({ ...writeOf(remove('dark-mode')), expects });
  assert.is(await on.clone.head(), commit);
});

expecting(
  'of two at once on the same files one is written, and the other names each file (P12)',
  async ({ on }) => {
    const { expects } = await on.writer.preview(two);
    const other = { ...two, changes: [describeFlag('new-checkout', 'Next'), override('u-2')], expects };
    const [won, lost] = await Promise.allSettled([
      on.writer.write({ ...two, expects }),
      on.writer.write(other),
    ]);
    if (won.status === 'rejected' || lost.status === 'fulfilled') throw new Error('not one of them');
    const { blobs, commit } = won.value;
    assert.equal([lost.reason.kind, lost.reason.code], ['precondition', 'PRECONDITION_FAILED']);
    assert.equal(lost.reason.data.details.files, [
      { path: CHECKOUT, blob: blobs.get(CHECKOUT) },
      { path: OVERRIDES, blob: blobs.get(OVERRIDES) },
    ]);
    assert.is(lost.reason.data.details.commit, commit);
    assert.match(lost.reason.message, /^flags\/acme\/web-app\/flags\/new-checkout\.yaml .*; nor is 1 more$/);
    assert.is(await on.clone.head(), commit);
  },
);

const late: readonly { what: string; changes: readonly Change[]; theirs: Record<string, string> }[] = [
  { what: 'overrides', changes: [override('u-1')], theirs: { [OVERRIDES]: '- { users: [u-9] }\n' } },
  { what: 'tests', changes: [remove('dark-mode')], theirs: { [TESTS]: OTHER_CASE } },
  {
    what: 'the second of two flags',
    changes: [describeFlag('new-checkout', 'Next'), describeFlag('dark-mode', 'Night')],
    theirs: { [DARK_MODE]: 'environments: {}\n' },
  },
];

for (const { what, changes, theirs } of late) {
  expecting(
    `somebody commits ${what} behind the look at them: it is looked again, and nothing is written`,
    async ({ on }) => {
      await on.close();
      const { clone } = on;
      let objects = 0;
      const create: Disk['create'] = async (path, bytes, mode) => {
        // Objects are written once all is judged, and before the branch is locked.
        if (path.includes('object-') && ++objects === 1) await clone.commit(theirs, 'theirs');
        return machineDisk.create(path, bytes, mode);
      };
      const raced = await openOn(clone, { disk: { ...machineDisk, create } });
      const request = { org: ORG, author: { name: 'Ada', email: 'ada@example.com' }, changes };
      const { expects } = await raced.writer.preview(request);
      const failure = await failureOf(raced.writer.write({ ...request, expects }));
      assert.is(failure.code, 'PRECONDITION_FAILED');
      assert.ok(objects > 0, 'it was judged good once');
      const files = (failure.data.details as { files: readonly { path: string }[] }).files;
      assert.equal(
        files.map(({ path }) => path),
        Object.keys(theirs),
      );
      assert.is(await clone.git('log', '-1', '--format=%s'), 'theirs');
      assert.is(await clone.git('status', '--porcelain'), '');
      await raced.close();
    },
  );
}

expecting.run();
